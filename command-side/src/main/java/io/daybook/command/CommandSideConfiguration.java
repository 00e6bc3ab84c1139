package io.daybook.command;

import io.daybook.command.aggregate.WritePathConfiguration;
import io.daybook.command.health.CommandHealthConfiguration;
import io.daybook.command.holds.HoldsConfiguration;
import io.daybook.command.intake.IntakeConfiguration;
import io.daybook.command.metrics.CommandMetricsConfiguration;
import io.daybook.command.publication.PublicationConfiguration;
import io.daybook.command.store.EventStoreConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RestController;

/** All of the command side but the edge, which the process has. */
@Configuration(proxyBeanMethods = false)
@ComponentScan(useDefaultFilters = false, includeFilters = @ComponentScan.Filter(RestController.class))
@Import({
    EventStoreConfiguration.class,
    WritePathConfiguration.class,
    PublicationConfiguration.class,
    IntakeConfiguration.class,
    HoldsConfiguration.class,
    CommandMetricsConfiguration.class,
    CommandHealthConfiguration.class
})
public class CommandSideConfiguration {}
