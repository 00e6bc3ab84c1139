package io.daybook.command.aggregate;

import io.daybook.command.aggregate.LedgerAggregate.Request;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.Transfer;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.store.JournalHistory;
import io.daybook.command.store.JournalHistory.Probe;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Gives each command of a batch to its ledger. It is a handler of its own rather than annotations on the aggregate:
 * resolving those takes more time than deciding.
 */
public final class LedgerCommandHandler implements MessageHandler<CommandMessage<?>> {

    private static final String BATCH = LedgerCommandHandler.class.getName() + ".batch";

    /** What the commands of one batch have in common. */
    private record Batch(JournalHistory history, Instant recordedAt) {}

    private final Repository<LedgerAggregate> ledgers;
    private final JdbcTemplate eventStore;
    private final Clock clock;

    LedgerCommandHandler(Repository<LedgerAggregate> ledgers, JdbcTemplate eventStore, Clock clock) {
        this.ledgers = ledgers;
        this.eventStore = eventStore;
        this.clock = clock;
    }

    /**
     * @return a {@link LedgerAnswer}
     */
    @Override
    public Object handle(CommandMessage<?> message) throws Exception {
        LedgerCommand command = (LedgerCommand) message.getPayload();
        Batch batch = currentBatch();
        Request request = new Request(
                batch.recordedAt(), (String) message.getMetaData().get(RecordedEvent.Metadata.REQUEST_ID), (String)
                        message.getMetaData().get(RecordedEvent.Metadata.ACTOR));
        Aggregate<LedgerAggregate> ledger = find(command.ledger());
        if (ledger != null) {
            return ledger.invoke(aggregate -> aggregate.handle(command, batch.history(), request));
        }
        return switch (command) {
            case OpenLedger open -> open(open, batch.history(), request);
            case ConfigureAccount configure -> notFound(configure, 1);
            case PostTransactions post -> notFound(post, post.transactions().size());
        };
    }

    private @Nullable Aggregate<LedgerAggregate> find(LedgerId ledger) {
        try {
            return ledgers.load(ledger.value());
        } catch (AggregateNotFoundException e) {
            return null;
        }
    }

    private LedgerAnswer open(OpenLedger open, JournalHistory history, Request request) throws Exception {
        LedgerAnswer[] answer = new LedgerAnswer[1];
        ledgers.newInstance(() -> {
            LedgerAggregate aggregate = new LedgerAggregate(open.ledger().value());
            answer[0] = aggregate.handle(open, history, request);
            return aggregate;
        });
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
            batch = new Batch(
                    JournalHistory.find(eventStore, probes(unit)),
                    clock.instant().truncatedTo(ChronoUnit.MICROS));
            unit.resources().put(BATCH, batch);
        }
        return batch;
    }

    private static List<Probe> probes(BatchingUnitOfWork<?> unit) {
        List<Probe> probes = new ArrayList<>();
        unit.getMessages().forEach(message -> {
            switch ((LedgerCommand) message.getPayload()) {
                case OpenLedger open -> addKeyed(probes, open.ledger(), open.identity());
                case ConfigureAccount configure -> addKeyed(probes, configure.ledger(), configure.identity());
                case PostTransactions post ->
                    post.transactions().forEach(transfer -> addTransfer(probes, post.ledger(), transfer));
            }
        });
        return probes;
    }

    private static void addKeyed(List<Probe> probes, LedgerId ledger, Identity identity) {
        if (identity.isKeyed()) {
            probes.add(new Probe(ledger, identity.eventId(), null, null));
        }
    }

    private static void addTransfer(List<Probe> probes, LedgerId ledger, Transfer transfer) {
        UUID keyed = transfer.identity().isKeyed() ? transfer.identity().eventId() : null;
        // An id that was made here is the event's id as well, and cannot have been seen before.
        UUID chosen = transfer.id().equals(transfer.identity().eventId()) ? null : transfer.id();
        if (keyed != null || chosen != null || transfer.reference() != null) {
            probes.add(new Probe(ledger, keyed, chosen, transfer.reference()));
        }
    }
}
