package io.daybook.command.metrics;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.daybook.command.bus.BatchListener;
import io.daybook.command.bus.BatchingCommandBus;
import io.daybook.command.settings.CommandSideProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The metrics of the command side. */
@Configuration(proxyBeanMethods = false)
public class CommandMetricsConfiguration {

    /** Where nobody reads metrics there is no registry; commands cost what they cost where somebody does. */
    @Bean
    BatchListener commandMetrics(ObjectProvider<MeterRegistry> registry) {
        return new CommandMetrics(registry.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean
    MeterBinder commandQueueMetrics(BatchingCommandBus bus) {
        return registry -> {
            Gauge.builder("daybook.command.queue", bus, BatchingCommandBus::longestQueue)
                    .baseUnit("commands")
                    .description("Commands that wait at the writer that has the most")
                    .register(registry);
            Gauge.builder("daybook.command.queue.capacity", () -> bus.settings().queueCapacity())
                    .baseUnit("commands")
                    .description("Commands that may wait at a writer; more are refused")
                    .register(registry);
        };
    }

    @Bean(destroyMethod = "close")
    EventStoreMetrics eventStoreMetrics(JdbcTemplate journal, CommandSideProperties properties) {
        return new EventStoreMetrics(journal, properties.eventStoreMetrics());
    }

    @Bean
    MeterBinder eventStorePoolMetrics(HikariDataSource pool) {
        return registry -> pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
    }
}
