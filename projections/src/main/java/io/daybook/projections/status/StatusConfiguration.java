package io.daybook.projections.status;

import io.daybook.messages.EventsInKafka;
import io.daybook.projections.posting.RunningProjection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The report of how far each projection is. */
@Configuration(proxyBeanMethods = false)
public class StatusConfiguration {

    private static final long INTERVAL_MS = 500;

    @Bean(defaultCandidate = false, destroyMethod = "shutdownNow")
    ScheduledExecutorService projectionsStatusExecutor(
            List<Lag> lags,
            @Qualifier("projectionsEndOfTopic") EndOfTopic end,
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books) {
        StatusReporter reporter = new StatusReporter(lags, books);
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("projection-status").daemon().factory());
        executor.scheduleWithFixedDelay(
                () -> {
                    end.refresh();
                    String topic = end.id();
                    if (topic != null) {
                        lags.forEach(lag -> lag.projection().topicIs(topic));
                    }
                    reporter.report();
                },
                0,
                INTERVAL_MS,
                TimeUnit.MILLISECONDS);
        return executor;
    }

    @Bean
    List<Lag> projectionsLags(List<RunningProjection> projections, @Qualifier("projectionsEndOfTopic") EndOfTopic end) {
        return projections.stream().map(projection -> new Lag(projection, end)).toList();
    }

    @Bean(defaultCandidate = false, destroyMethod = "close")
    EndOfTopic projectionsEndOfTopic(
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        return new EndOfTopic(bootstrapServers, EventsInKafka.topic(topicPrefix));
    }
}
