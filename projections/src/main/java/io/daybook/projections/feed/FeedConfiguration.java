package io.daybook.projections.feed;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.axon.Tokens;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.settings.DatabaseProperties;
import io.daybook.settings.KafkaProperties;
import io.daybook.settings.OrderedTopics;
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
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** What all projections share: the books' database with their tokens, and the way from Kafka. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProjectionsProperties.class)
public class FeedConfiguration {

    /** With its schemas as they are now. */
    @Bean(destroyMethod = "close")
    HikariDataSource booksPool(ProjectionsProperties properties) {
        DatabaseProperties books = properties.books();
        HikariConfig config = new HikariConfig();
        config.setPoolName("books");
        config.setJdbcUrl(books.jdbcUrl());
        config.setUsername(books.username());
        config.setPassword(books.password());
        config.setMaximumPoolSize(properties.posting().poolSize());
        config.setConnectionTimeout(properties.posting().connectionTimeout().toMillis());
        config.addDataSourceProperty("ApplicationName", "daybook-projections");
        config.addDataSourceProperty("currentSchema", BooksDatabase.SEARCH_PATH);
        // The details are values of rows, which are nothing for logs and statuses.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            BooksSchemas schemas = new BooksSchemas(pool);
            if (properties.migrations().atStart()) {
                schemas.migrate();
            } else {
                schemas.require();
            }
            return pool;
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    @Bean
    BooksSchemas booksSchemas(DataSource books) {
        return new BooksSchemas(books);
    }

    @Bean
    JdbcTemplate jdbcTemplate(DataSource books) {
        return new JdbcTemplate(books);
    }

    @Bean
    PlatformTransactionManager platformTransactionManager(DataSource books) {
        return new JdbcTransactionManager(books);
    }

    @Bean
    TransactionManager transactionManager(PlatformTransactionManager transactions) {
        return new SpringTransactionManager(transactions);
    }

    @Bean
    TokenStore tokenStore(DataSource books) {
        return Tokens.store(
                new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(books)));
    }

    /** The events of a ledger are in order by their partition. */
    @Bean
    OrderedTopics orderedTopics(ProjectionsProperties properties) {
        KafkaProperties kafka = properties.kafka();
        return new OrderedTopics(kafka, Map.of(kafka.eventsTopic().name(), kafka.eventsPartitions()));
    }

    @Bean
    ConsumerFactory<String, byte[]> consumerFactory(ProjectionsProperties properties) {
        return new DefaultConsumerFactory<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                properties.kafka().bootstrapServers(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                properties.feed().maxPollRecords(),
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                properties.feed().maxFetchBytes()));
    }

    @Bean(destroyMethod = "shutdown")
    Fetcher<String, byte[], KafkaEventMessage> fetcher(ProjectionsProperties properties) {
        return AsyncFetcher.<String, byte[], KafkaEventMessage>builder()
                .pollTimeout(properties.feed().pollTimeout().toMillis())
                .build();
    }

    @Bean
    StreamableMessageSource<TrackedEventMessage<?>> publishedEvents(
            ConsumerFactory<String, byte[]> consumers,
            Fetcher<String, byte[], KafkaEventMessage> fetcher,
            ProjectionsProperties properties) {
        return PromptKafkaSource.of(
                properties.kafka().eventsTopic().name(),
                consumers,
                fetcher,
                properties.feed().bufferEvents());
    }
}
