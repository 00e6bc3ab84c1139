package io.daybook.command.holds;

import io.daybook.command.settings.CommandSideProperties;
import java.time.Clock;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The end of holds by time. */
@Configuration(proxyBeanMethods = false)
public class HoldsConfiguration {

    @Bean
    HoldExpiry holdExpiry(
            CommandBus bus,
            JdbcTemplate eventStore,
            TokenStore tokens,
            TransactionManager transactions,
            CommandSideProperties properties) {
        return new HoldExpiry(
                bus,
                eventStore,
                new ExpiryClaim("hold-expiry", tokens, transactions),
                Clock.systemUTC(),
                properties.expiry());
    }
}
