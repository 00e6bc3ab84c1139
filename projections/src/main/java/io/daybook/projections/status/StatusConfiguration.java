package io.daybook.projections.status;

import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.settings.ProjectionsProperties;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The report of how far each projection is. */
@Configuration(proxyBeanMethods = false)
public class StatusConfiguration {

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService projectionsStatusExecutor(
            List<Lag> lags, EndOfTopic end, JdbcTemplate books, ProjectionsProperties properties) {
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
                properties.status().interval().toMillis(),
                TimeUnit.MILLISECONDS);
        return executor;
    }

    /** Of those that this node takes its share of; of the others their own nodes tell. */
    @Bean
    List<Lag> projectionsLags(List<RunningProjection> projections, EndOfTopic end) {
        return projections.stream()
                .filter(RunningProjection::runsHere)
                .map(projection -> new Lag(projection, end))
                .toList();
    }

    @Bean(destroyMethod = "close")
    EndOfTopic endOfTopic(ProjectionsProperties properties) {
        return new EndOfTopic(
                properties.kafka().bootstrapServers(),
                properties.kafka().eventsTopic().name());
    }
}
