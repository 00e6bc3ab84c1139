package io.daybook.projections.posting;

import io.daybook.messages.EventsInKafka;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** What runs projections. */
@Configuration(proxyBeanMethods = false)
public class PostingConfiguration {

    @Bean
    ProjectionFactory projectionFactory(
            @Qualifier("projectionsMessageSource") StreamableMessageSource<TrackedEventMessage<?>> source,
            @Qualifier("projectionsTokenStore") TokenStore tokens,
            @Qualifier("projectionsTransactionManager") TransactionManager transactions,
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix,
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books,
            @Qualifier("projectionsPlatformTransactionManager") PlatformTransactionManager booksTransactions) {
        return new ProjectionFactory(
                source,
                tokens,
                transactions,
                bootstrapServers,
                EventsInKafka.topic(topicPrefix),
                books,
                booksTransactions);
    }
}
