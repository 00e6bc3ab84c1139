package io.daybook.projections.posting;

import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.projections.work.Workers;
import java.util.List;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** What runs projections. */
@Configuration(proxyBeanMethods = false)
public class PostingConfiguration {

    @Bean
    ProjectionFactory projectionFactory(
            StreamableMessageSource<TrackedEventMessage<?>> source,
            TokenStore tokens,
            TransactionManager transactions,
            ProjectionsProperties properties,
            JdbcTemplate books,
            PlatformTransactionManager booksTransactions) {
        return new ProjectionFactory(
                source,
                tokens,
                transactions,
                properties.kafka().eventsTopic(),
                properties.projections().run(),
                properties.posting(),
                books,
                booksTransactions);
    }

    @Bean
    Workers shares(List<RunningProjection> projections, ProjectionsProperties properties) {
        return new Workers(
                "shares",
                List.of(Shares.of(
                        projections,
                        properties.books(),
                        properties.projections().run())));
    }
}
