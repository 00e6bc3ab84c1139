package io.daybook.projections.books;

import io.daybook.projections.feed.ProjectionFactory;
import io.daybook.projections.feed.RunningProjection;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;

/** The projection {@code books}. */
@Configuration(proxyBeanMethods = false)
public class BooksConfiguration {

    @Bean
    @DependsOn("projectionsFlyway")
    RunningProjection booksProjection(
            ProjectionFactory factory, @Qualifier("projectionsJdbcTemplate") JdbcTemplate books) {
        return factory.run(new BooksProjection(books));
    }
}
