package io.daybook.projections.books;

import io.daybook.projections.feed.BooksSchemas;
import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.GenerationStore;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The projection {@code books}. */
@Configuration(proxyBeanMethods = false)
public class BooksConfiguration {

    @Bean
    BooksCounts booksCounts(JdbcTemplate books) {
        return new BooksCounts(books);
    }

    @Bean
    GenerationStore booksGenerations(
            JdbcTemplate books, DataSource dataSource, BooksSchemas schemas, BooksCounts counts) {
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        return new BooksGenerations(dataSource, books, schemas, new BooksRebuild(books, transactions), counts);
    }

    @Bean
    RunningProjection booksProjection(
            ProjectionFactory factory, @Qualifier("booksGenerations") GenerationStore generations) {
        return factory.live(generations);
    }
}
