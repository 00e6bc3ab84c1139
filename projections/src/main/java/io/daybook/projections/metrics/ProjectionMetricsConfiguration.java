package io.daybook.projections.metrics;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.projections.status.Lag;
import io.daybook.stores.audit.AuditKind;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The metrics of projections. Where nobody reads metrics, nothing is asked for them. */
@Configuration(proxyBeanMethods = false)
public class ProjectionMetricsConfiguration {

    @Bean
    ProjectionMetrics projectionMetrics(List<Lag> lags) {
        return new ProjectionMetrics(lags);
    }

    @Bean(destroyMethod = "close")
    StoreMetrics projectionsStoreMetrics(
            JdbcTemplate books, RedisClient redis, Rest5Client elasticsearch, ProjectionsProperties properties) {
        return new StoreMetrics(
                books,
                redis,
                elasticsearch,
                AuditKind.all(properties.elasticsearch().indexPrefix()),
                properties.storeMetrics().interval());
    }

    @Bean
    MeterBinder projectionsPoolMetrics(HikariDataSource pool) {
        return registry -> pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
    }
}
