package io.daybook.command.aggregate;

import io.daybook.command.aggregate.LedgerAggregate.RequestContext;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.bus.BatchingCommandBus;
import io.daybook.command.ledger.Decision;
import io.daybook.command.ledger.History;
import io.daybook.command.ledger.Ledger;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.ExpireHold;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.command.ledger.LedgerCommand.Single;
import io.daybook.command.ledger.LedgerCommand.VoidHold;
import io.daybook.command.ledger.LedgerState;
import io.daybook.command.ledger.PastCommand;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.store.HoldDeadlines;
import io.daybook.command.store.JournalAppend;
import io.daybook.command.store.JournalAppender;
import io.daybook.command.store.JournalHistory;
import io.daybook.command.store.JournalHistory.Probe;
import io.daybook.command.store.RunningImports;
import io.daybook.command.store.SnapshotDelta;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Gives each command of a batch to its ledger. It is a handler of its own rather than annotations on the aggregate:
 * resolving those takes more time than deciding.
 */
public final class LedgerCommandHandler implements MessageHandler<CommandMessage<?>> {

    private static final String BATCH = LedgerCommandHandler.class.getName() + ".batch";

    /**
     * What the commands of one batch have in common.
     *
     * @param append what they lead to
     * @param imports which ledgers are being imported
     * @param touched the ledgers they were given to, with how far each had come before
     */
    private record Batch(
            JournalHistory history,
            JournalAppend append,
            RunningImports imports,
            Instant recordedAt,
            Map<LedgerAggregate, Long> touched) {

        /** Those of the same writer that are perhaps not durable yet, in their order. */
        static List<Batch> before(UnitOfWork<?> unit) {
            return BatchingCommandBus.onTheWay(unit).stream()
                    .map(earlier -> earlier.<Batch>getResource(BATCH))
                    .toList();
        }

        void touch(LedgerAggregate ledger) {
            touched.putIfAbsent(ledger, ledger.sequence());
        }

        /**
         * Whether something of a ledger is written here or before this, perhaps not durable yet: then the journal itself makes sure
         * that nobody else has written it, and this fails if it has.
         */
        private boolean isWritten(LedgerAggregate ledger, List<Batch> before) {
            return Stream.concat(before.stream(), Stream.of(this))
                    .map(batch -> batch.touched().get(ledger))
                    .anyMatch(sequence -> sequence != null && sequence < ledger.sequence());
        }

        /**
         * What is answered without being recorded, such as a refusal, rests on memory alone. It is right only if no other node has
         * written the ledger meanwhile.
         *
         * @throws ConcurrencyException if one has
         */
        void requireCurrent(JdbcTemplate eventStore, List<Batch> before) {
            List<LedgerAggregate> unwritten = touched.keySet().stream()
                    .filter(ledger -> !isWritten(ledger, before))
                    .toList();
            if (!unwritten.isEmpty()
                    && JournalHistory.isBeyond(
                            eventStore,
                            unwritten.stream().map(LedgerAggregate::id).toArray(String[]::new),
                            unwritten.stream().map(LedgerAggregate::sequence).toArray(Long[]::new))) {
                throw new ConcurrencyException("another node has written ledgers that are in memory here");
            }
        }

        /** Hands over what has changed of the ledgers when it is durable, if it is much. */
        void offerChanges(LedgerSnapshotter snapshotter) {
            if (append.isEmpty()) {
                return;
            }
            for (LedgerAggregate ledger : touched.keySet()) {
                SnapshotDelta changes = ledger.takeChanges(snapshotter);
                if (changes != null) {
                    append.durable().thenRun(() -> snapshotter.offer(changes));
                }
            }
        }
    }

    private final Repository<LedgerAggregate> ledgers;
    private final JdbcTemplate eventStore;
    private final JournalAppender appender;
    private final LedgerSnapshotter snapshotter;
    private final Clock clock;

    LedgerCommandHandler(
            Repository<LedgerAggregate> ledgers,
            JdbcTemplate eventStore,
            JournalAppender appender,
            LedgerSnapshotter snapshotter,
            Clock clock) {
        this.ledgers = ledgers;
        this.eventStore = eventStore;
        this.appender = appender;
        this.snapshotter = snapshotter;
        this.clock = clock;
    }

    /**
     * @return a {@link LedgerAnswer}
     */
    @Override
    public Object handle(CommandMessage<?> message) throws Exception {
        LedgerCommand command = (LedgerCommand) message.getPayload();
        Batch batch = currentBatch();
        MetaData of = message.getMetaData();
        RequestContext request = new RequestContext(
                batch.recordedAt(),
                (String) of.get(RecordedEvent.Metadata.REQUEST_ID),
                (String) of.get(RecordedEvent.Metadata.ACTOR),
                (UUID) of.get(RecordedEvent.Metadata.TRACE));
        Aggregate<LedgerAggregate> ledger = find(command.ledger());
        if (ledger != null) {
            LedgerAnswer answer = ledger.invoke(aggregate -> {
                batch.touch(aggregate);
                return aggregate.handle(command, batch.history(), batch.append(), batch.imports(), request);
            });
            noteImport(command, answer, ledger, batch);
            return answer;
        }
        return switch (command) {
            case OpenLedger open -> create(open, batch, request);
            case AppendHistory append when append.events().isEmpty() -> notFound(append, 1);
            case AppendHistory append -> begin(append, batch, request);
            case PostTransactions post -> notFound(post, post.transactions().size());
            case Single single -> notFound(single, 1);
        };
    }

    private @Nullable Aggregate<LedgerAggregate> find(LedgerId ledger) {
        try {
            return ledgers.load(ledger.value());
        } catch (AggregateNotFoundException e) {
            return null;
        }
    }

    /** An import runs until the whole history is there: from then on its holds may be released. */
    private static void noteImport(
            LedgerCommand command, LedgerAnswer answer, Aggregate<LedgerAggregate> ledger, Batch batch) {
        boolean isRefused = answer.outcomes().getFirst() instanceof Outcome.Refused;
        if (!(command instanceof AppendHistory history) || isRefused) {
            return;
        }
        if (history.complete()) {
            batch.imports().end(history.ledger());
            batch.append().add(HoldDeadlines.of(history.ledger(), ledger.invoke(LedgerAggregate::openHolds)));
        } else {
            batch.imports().begin(history.ledger());
        }
        ledger.execute(aggregate -> aggregate.imported(history.complete()));
    }

    /** A ledger whose history is refused from its beginning is not made. */
    private LedgerAnswer begin(AppendHistory append, Batch batch, RequestContext request) throws Exception {
        Decision first = Ledger.decide(
                        append,
                        new LedgerState(),
                        batch.history().of(append.ledger(), History.Head.none()),
                        request.receivedAt())
                .getFirst();
        return first instanceof Decision.Refused(var rejection)
                ? new LedgerAnswer(List.of(new Outcome.Refused(rejection)), 0)
                : create(append, batch, request);
    }

    private LedgerAnswer create(LedgerCommand first, Batch batch, RequestContext request) throws Exception {
        LedgerAnswer[] answer = new LedgerAnswer[1];
        Aggregate<LedgerAggregate> ledger = ledgers.newInstance(() -> {
            LedgerAggregate aggregate = new LedgerAggregate(first.ledger().value(), false);
            answer[0] = aggregate.handle(first, batch.history(), batch.append(), batch.imports(), request);
            return aggregate;
        });
        // Not before: what an aggregate applies while it is made, it meets when it is made.
        noteImport(first, answer[0], ledger, batch);
        return answer[0];
    }

    private static LedgerAnswer notFound(LedgerCommand command, int decisions) {
        Outcome outcome = new Outcome.Refused(new LedgerNotFound(command.ledger()));
        return new LedgerAnswer(Collections.nCopies(decisions, outcome), 0);
    }

    private Batch currentBatch() {
        BatchingUnitOfWork<?> unit = (BatchingUnitOfWork<?>) CurrentUnitOfWork.get();
        Batch batch = unit.getResource(BATCH);
        if (batch == null) {
            List<Batch> before = Batch.before(unit);
            JournalAppend append =
                    appender.begin(unit, before.stream().map(Batch::append).toList());
            Batch begun = new Batch(
                    // What is on the way is named before the store is asked: so nothing is missed that arrives
                    // meanwhile.
                    JournalHistory.find(
                            eventStore,
                            probes(unit),
                            before.stream().map(Batch::history).toList()),
                    append,
                    new RunningImports(
                            eventStore,
                            append,
                            before.stream().map(Batch::imports).toList()),
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    new IdentityHashMap<>());
            unit.resources().put(BATCH, begun);
            unit.onPrepareCommit(committing -> begun.requireCurrent(eventStore, before));
            unit.afterCommit(committed -> begun.offerChanges(snapshotter));
            return begun;
        }
        return batch;
    }

    private static List<Probe> probes(BatchingUnitOfWork<?> unit) {
        List<Probe> probes = new ArrayList<>();
        unit.getMessages().forEach(message -> {
            LedgerCommand command = (LedgerCommand) message.getPayload();
            LedgerId ledger = command.ledger();
            switch (command) {
                case PostTransactions post ->
                    post.transactions().forEach(transaction -> addTransaction(probes, ledger, transaction));
                case AppendHistory append -> {
                    append.events().forEach(past -> Probe.of(past).forEach(probes::add));
                    append.commands().forEach(past -> addPast(probes, ledger, past));
                }
                case Single single -> {
                    if (single.identity().isKeyed()) {
                        probes.add(Probe.event(ledger, single.identity().eventId()));
                    }
                    addSubject(probes, single);
                }
            }
        });
        return probes;
    }

    private static void addPast(List<Probe> probes, LedgerId ledger, PastCommand past) {
        probes.add(Probe.event(ledger, past.eventId()));
        if (past.standingId() != null) {
            probes.add(Probe.event(ledger, past.standingId()));
        }
    }

    private static void addSubject(List<Probe> probes, Single command) {
        LedgerId ledger = command.ledger();
        switch (command) {
            case ReverseTransaction reverse -> {
                probes.add(Probe.subject(ledger, reverse.transaction()));
                addChosen(probes, ledger, reverse.id(), reverse.identity());
            }
            case PlaceHold place -> addChosen(probes, ledger, place.id(), place.identity());
            case CaptureHold capture -> probes.add(Probe.entity(ledger, capture.hold()));
            case VoidHold release -> probes.add(Probe.entity(ledger, release.hold()));
            case ExpireHold expire -> probes.add(Probe.entity(ledger, expire.hold()));
            case ChangeMetadata change
            when change.transaction() != null -> probes.add(Probe.subject(ledger, change.transaction()));
            case ChangeMetadata ofLedgerOrAccount -> {}
            case OpenLedger open -> {}
            case ConfigureAccount configure -> {}
        }
    }

    /** An id that was made here is the event's id as well, and cannot have been seen before. */
    private static void addChosen(List<Probe> probes, LedgerId ledger, UUID id, Identity identity) {
        if (!id.equals(identity.eventId())) {
            probes.add(Probe.entity(ledger, id));
        }
    }

    private static void addTransaction(List<Probe> probes, LedgerId ledger, RequestedTransaction transaction) {
        UUID keyed = transaction.identity().isKeyed() ? transaction.identity().eventId() : null;
        // An id that was made here is the event's id as well, and cannot have been seen before.
        UUID chosen = transaction.id().equals(transaction.identity().eventId()) ? null : transaction.id();
        if (keyed != null || chosen != null || transaction.reference() != null) {
            probes.add(new Probe(ledger, keyed, chosen, null, transaction.reference()));
        }
    }
}
