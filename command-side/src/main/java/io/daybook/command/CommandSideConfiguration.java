package io.daybook.command;

import io.daybook.command.accounts.AccountsConfiguration;
import io.daybook.command.aggregate.WritePathConfiguration;
import io.daybook.command.exports.ExportsConfiguration;
import io.daybook.command.holds.HoldsConfiguration;
import io.daybook.command.imports.ImportsConfiguration;
import io.daybook.command.intake.IntakeConfiguration;
import io.daybook.command.ledgers.LedgersConfiguration;
import io.daybook.command.metadata.MetadataConfiguration;
import io.daybook.command.metrics.CommandMetricsConfiguration;
import io.daybook.command.operations.OperationsConfiguration;
import io.daybook.command.posting.PostingConfiguration;
import io.daybook.command.publication.PublicationConfiguration;
import io.daybook.command.store.EventStoreConfiguration;
import io.daybook.http.HttpConfiguration;
import io.daybook.http.requestlog.RequestLogConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** All of the command side, for an application to import. */
@Configuration(proxyBeanMethods = false)
@Import({
    HttpConfiguration.class,
    RequestLogConfiguration.class,
    EventStoreConfiguration.class,
    WritePathConfiguration.class,
    PublicationConfiguration.class,
    OperationsConfiguration.class,
    IntakeConfiguration.class,
    LedgersConfiguration.class,
    AccountsConfiguration.class,
    PostingConfiguration.class,
    HoldsConfiguration.class,
    MetadataConfiguration.class,
    ImportsConfiguration.class,
    ExportsConfiguration.class,
    CommandMetricsConfiguration.class
})
public class CommandSideConfiguration {}
