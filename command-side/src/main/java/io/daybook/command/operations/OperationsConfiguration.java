package io.daybook.command.operations;

import io.daybook.command.publication.RepublicationRequests;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** What operators ask of the command side. */
@Configuration(proxyBeanMethods = false)
public class OperationsConfiguration {

    @Bean
    RepublicationsController republicationsController(@Qualifier("commandJdbcTemplate") JdbcTemplate journal) {
        return new RepublicationsController(new RepublicationRequests(journal));
    }
}
