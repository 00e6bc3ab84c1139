package io.daybook.command.holds;

import io.daybook.command.settings.CommandSideProperties;
import java.time.Clock;
import org.axonframework.commandhandling.CommandBus;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The end of holds by time. */
@Configuration(proxyBeanMethods = false)
public class HoldsConfiguration {

    @Bean
    HoldExpiry holdExpiry(CommandBus bus, JdbcTemplate eventStore, CommandSideProperties properties) {
        return new HoldExpiry(bus, eventStore, Clock.systemUTC(), properties.expiry());
    }
}
