package io.daybook.command.holds;

import java.time.Clock;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/** Holds over HTTP, and their end by time. */
@Configuration(proxyBeanMethods = false)
@Import(HoldsController.class)
public class HoldsConfiguration {

    @Bean
    HoldExpiry holdExpiry(CommandBus bus, @Qualifier("commandJdbcTemplate") JdbcTemplate eventStore) {
        return new HoldExpiry(bus, eventStore, Clock.systemUTC());
    }
}
