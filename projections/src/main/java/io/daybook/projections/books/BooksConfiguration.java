package io.daybook.projections.books;

import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.feed.GenerationStore;
import io.daybook.projections.feed.GenerationStore.Role;
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
    GenerationStore booksGenerations(
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books,
            @Qualifier("projectionsSchemas") BooksSchemas schemas) {
        return new BooksGenerations(books, schemas);
    }

    @Bean
    @DependsOn("projectionsSchemas")
    RunningProjection booksProjection(
            ProjectionFactory factory, @Qualifier("booksGenerations") GenerationStore generations) {
        return factory.run(generations, Role.LIVE);
    }
}
