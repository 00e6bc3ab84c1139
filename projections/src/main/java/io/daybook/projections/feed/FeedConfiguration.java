package io.daybook.projections.feed;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.axon.Tokens;
import io.daybook.messages.EventsInKafka;
import io.daybook.stores.BooksDatabase;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.extensions.kafka.eventhandling.consumer.AsyncFetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.ConsumerFactory;
import org.axonframework.extensions.kafka.eventhandling.consumer.DefaultConsumerFactory;
import org.axonframework.extensions.kafka.eventhandling.consumer.Fetcher;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaEventMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** What all projections share: the books' database with their tokens, and the way from Kafka. */
@Configuration(proxyBeanMethods = false)
public class FeedConfiguration {

    /** A connection for each batch that is posted, of live generations and of those aside, their tokens, and some to spare. */
    private static final int POOL_SIZE = 16;

    private static final long CONNECTION_TIMEOUT_MS = 5_000;
    private static final long POLL_TIMEOUT_MS = 500;
    private static final int MAX_POLL_RECORDS = 2_000;

    /** No more than fits in half a region of G1, or else each fetch is a large object, and many make a collection of all. */
    private static final int MAX_FETCH_BYTES = 500_000;

    @Bean(defaultCandidate = false, destroyMethod = "close")
    HikariDataSource projectionsDataSource(
            @Value("${daybook.books.jdbc-url}") String url,
            @Value("${daybook.books.username}") String username,
            @Value("${daybook.books.password}") String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("books");
        config.setJdbcUrl(url);
        config.setUsername(username);
        config.setPassword(password);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        config.addDataSourceProperty("ApplicationName", "daybook-projections");
        config.addDataSourceProperty("currentSchema", BooksDatabase.SEARCH_PATH);
        // The details are values of rows, which are nothing for logs and statuses.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        return new HikariDataSource(config);
    }

    @Bean(defaultCandidate = false)
    BooksSchemas projectionsSchemas(@Qualifier("projectionsDataSource") DataSource dataSource) {
        BooksSchemas schemas = new BooksSchemas(dataSource);
        schemas.migrate();
        return schemas;
    }

    @Bean(defaultCandidate = false)
    JdbcTemplate projectionsJdbcTemplate(@Qualifier("projectionsDataSource") DataSource dataSource) {
        return new JdbcTemplate(dataSource);
    }

    @Bean(defaultCandidate = false)
    PlatformTransactionManager projectionsPlatformTransactionManager(
            @Qualifier("projectionsDataSource") DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    @Bean(defaultCandidate = false)
    TransactionManager projectionsTransactionManager(
            @Qualifier("projectionsPlatformTransactionManager") PlatformTransactionManager transactions) {
        return new SpringTransactionManager(transactions);
    }

    @Bean(defaultCandidate = false)
    TokenStore projectionsTokenStore(@Qualifier("projectionsDataSource") DataSource dataSource) {
        return Tokens.store(
                new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(dataSource)));
    }

    @Bean(defaultCandidate = false)
    ConsumerFactory<String, byte[]> projectionsConsumerFactory(
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers) {
        return new DefaultConsumerFactory<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                MAX_POLL_RECORDS,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                MAX_FETCH_BYTES));
    }

    @Bean(defaultCandidate = false, destroyMethod = "shutdown")
    Fetcher<String, byte[], KafkaEventMessage> projectionsFetcher() {
        return AsyncFetcher.<String, byte[], KafkaEventMessage>builder()
                .pollTimeout(POLL_TIMEOUT_MS)
                .build();
    }

    @Bean(defaultCandidate = false)
    StreamableMessageSource<TrackedEventMessage<?>> projectionsMessageSource(
            @Qualifier("projectionsConsumerFactory") ConsumerFactory<String, byte[]> consumers,
            @Qualifier("projectionsFetcher") Fetcher<String, byte[], KafkaEventMessage> fetcher,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        return PromptKafkaSource.of(EventsInKafka.topic(topicPrefix), consumers, fetcher);
    }
}
