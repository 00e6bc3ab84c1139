package io.daybook.query;

import io.daybook.http.HttpConfiguration;
import io.daybook.http.requestlog.RequestLogConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The query side as a process: it answers over HTTP from what the projections have posted. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({HttpConfiguration.class, RequestLogConfiguration.class, QuerySideConfiguration.class})
public class QuerySide {

    /**
     * @param arguments properties as {@code --name=value}, before those of the environment
     */
    public static void main(String[] arguments) {
        SpringApplication.run(QuerySide.class, arguments);
    }
}
