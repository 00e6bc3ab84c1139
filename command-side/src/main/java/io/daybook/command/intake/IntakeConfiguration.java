package io.daybook.command.intake;

import org.axonframework.commandhandling.CommandBus;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How HTTP reaches the bus. */
@Configuration(proxyBeanMethods = false)
public class IntakeConfiguration {

    @Bean
    CommandIntake commandIntake(CommandBus bus) {
        return new CommandIntake(bus);
    }
}
