package io.daybook.command.aggregate;

import io.daybook.command.bus.BatchListener;
import io.daybook.command.bus.BatchingCommandBus;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.ExpireHold;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.command.ledger.LedgerCommand.Single;
import io.daybook.command.ledger.LedgerCommand.VoidHold;
import io.daybook.command.settings.CommandSideProperties;
import io.daybook.command.settings.CommandSideProperties.Commands;
import io.daybook.command.store.JournalAppender;
import io.daybook.command.store.RunningImports;
import io.daybook.command.store.Snapshot;
import io.daybook.command.store.SnapshotStore;
import io.daybook.events.LedgerId;
import java.time.Clock;
import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.common.lock.NullLockFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.command.Repository;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The way of a command: bus, handler, aggregate, event store. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommandSideProperties.class)
public class WritePathConfiguration {

    @Bean
    StrongCache ledgerCache(CommandSideProperties properties) {
        return new StrongCache(properties.commands().cachedLedgers());
    }

    @Bean
    Repository<LedgerAggregate> ledgerRepository(EventStore eventStore, StrongCache cache, JdbcTemplate jdbc) {
        return EventSourcingRepository.builder(LedgerAggregate.class)
                .eventStore(eventStore)
                .aggregateFactory(new LedgerFactory(jdbc))
                .cache(cache)
                .lockFactory(NullLockFactory.INSTANCE) // a ledger has one writer
                .build();
    }

    @Bean(destroyMethod = "close")
    LedgerSnapshotter ledgerSnapshotter(SnapshotStore snapshots, CommandSideProperties properties) {
        return new LedgerSnapshotter(
                snapshots, properties.snapshots(), properties.commands().stopTimeout());
    }

    @Bean(destroyMethod = "close")
    BatchingCommandBus commandBus(
            CommandSideProperties properties,
            TransactionManager transactions,
            Repository<LedgerAggregate> ledgers,
            StrongCache cache,
            LedgerSnapshotter snapshotter,
            JdbcTemplate eventStore,
            JournalAppender appender,
            BatchListener listener) {
        Commands settings = properties.commands();
        BatchingCommandBus bus = new BatchingCommandBus(
                new BatchingCommandBus.Settings(
                        settings.writers(),
                        settings.queueCapacity(),
                        settings.maxBatchEvents(),
                        settings.openers(),
                        settings.minEventsAhead(),
                        settings.maxBatchesOnTheWay(),
                        settings.stopTimeout()),
                transactions,
                command -> payload(command).ledger().value(),
                command -> weight(payload(command)),
                new LedgerOpener(ledgers, cache, transactions),
                JournalAppender::durable,
                listener);
        LedgerCommandHandler handler =
                new LedgerCommandHandler(ledgers, eventStore, appender, snapshotter, Clock.systemUTC());
        List.of(
                        OpenLedger.class,
                        ConfigureAccount.class,
                        ChangeMetadata.class,
                        PostTransactions.class,
                        ReverseTransaction.class,
                        PlaceHold.class,
                        CaptureHold.class,
                        VoidHold.class,
                        ExpireHold.class,
                        AppendHistory.class)
                .forEach(command -> bus.subscribe(command.getName(), handler));
        return bus;
    }

    /** About how many events it leads to. */
    private static int weight(LedgerCommand command) {
        return switch (command) {
            case PostTransactions post -> post.transactions().size();
            case AppendHistory append ->
                Math.max(1, append.events().size() + append.commands().size());
            case Single single -> 1;
        };
    }

    private static LedgerCommand payload(CommandMessage<?> command) {
        return (LedgerCommand) command.getPayload();
    }

    private record LedgerFactory(JdbcTemplate eventStore) implements AggregateFactory<LedgerAggregate> {
        @Override
        public LedgerAggregate createAggregateRoot(String ledger, DomainEventMessage<?> firstEvent) {
            boolean importing = RunningImports.isRunning(eventStore, new LedgerId(ledger));
            return firstEvent.getPayload() instanceof Snapshot snapshot
                    ? new LedgerAggregate(ledger, importing, snapshot)
                    : new LedgerAggregate(ledger, importing);
        }

        @Override
        public Class<LedgerAggregate> getAggregateType() {
            return LedgerAggregate.class;
        }
    }
}
