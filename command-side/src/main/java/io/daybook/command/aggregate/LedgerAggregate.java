package io.daybook.command.aggregate;

import static java.util.Objects.requireNonNull;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.ledger.Decision;
import io.daybook.command.ledger.History;
import io.daybook.command.ledger.Hold;
import io.daybook.command.ledger.Ledger;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerState;
import io.daybook.command.ledger.PastEvent;
import io.daybook.command.ledger.Rejection.ImportInProgress;
import io.daybook.command.ledger.RememberedCommand;
import io.daybook.command.store.JournalAppend;
import io.daybook.command.store.JournalEntry;
import io.daybook.command.store.JournalHistory;
import io.daybook.command.store.RunningImports;
import io.daybook.command.store.Snapshot;
import io.daybook.command.store.SnapshotDelta;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** The aggregate: it asks {@link Ledger} what a command leads to, and applies that with its place in the journal. */
class LedgerAggregate {

    @AggregateIdentifier
    private String id;

    private LedgerState state = new LedgerState();
    private long sequence = RecordedEvent.FIRST_SEQUENCE - 1;
    private int chain = HashChain.FIRST_VERSION;
    private String hash = HexFormat.of().formatHex(HashChain.genesis());

    /** The event up to which what changed has been handed over for a snapshot. */
    private long snapshotSequence = RecordedEvent.FIRST_SEQUENCE - 1;

    /**
     * Whether the ledger was being imported when that was last looked up. If it is not so any more, the store is asked before a
     * command is refused for it; if it has become so, the store does not take what another command leads to.
     */
    private boolean importing;

    /** As it is before its first event. */
    LedgerAggregate(String id, boolean importing) {
        this.id = id;
        this.importing = importing;
    }

    LedgerAggregate(String id, boolean importing, Snapshot snapshot) {
        this(id, importing);
        this.state = snapshot.state();
        this.sequence = snapshot.sequence();
        this.chain = snapshot.chain();
        this.hash = snapshot.hash();
        this.snapshotSequence = snapshot.sequence();
    }

    String id() {
        return id;
    }

    /** That of its last event; what is recorded of it is perhaps not durable yet. */
    long sequence() {
        return sequence;
    }

    private History.Head head() {
        return new History.Head(sequence, chain, hash);
    }

    /** Handles one command. What it records is durable once the unit of work has committed. */
    LedgerAnswer handle(
            LedgerCommand command,
            JournalHistory history,
            JournalAppend append,
            RunningImports imports,
            RequestContext request) {
        History known = history.of(command.ledger(), head());
        List<Decision> decisions = Ledger.decide(command, state, known, request.receivedAt());
        RememberedCommand use = Ledger.use(command, decisions, known);
        if (importing && !(command instanceof AppendHistory) && !(use == null && areRepeats(decisions))) {
            importing = imports.isRunning(command.ledger());
            if (importing) {
                Outcome refused = new Outcome.Refused(new ImportInProgress(command.ledger()));
                return new LedgerAnswer(Collections.nCopies(decisions.size(), refused), sequence);
            }
        }
        List<Outcome> outcomes = new ArrayList<>(decisions.size());
        long last = sequence;
        long repeated = 0;
        boolean allAreRepeats = true;
        for (Decision decision : decisions) {
            switch (decision) {
                case Decision.Repeated(RecordedEvent earlier) -> repeated = Math.max(repeated, earlier.sequence());
                case Decision.Recalled(RememberedCommand earlier) -> repeated = Math.max(repeated, earlier.sequence());
                default -> allAreRepeats = false;
            }
            switch (decision) {
                case Decision.Accepted accepted -> {
                    RecordedEvent recorded = record(accepted, history, request);
                    outcomes.add(new Outcome.Recorded(recorded, false));
                    last = recorded.sequence();
                }
                case Decision.Restored(PastEvent past) -> {
                    JournalEntry entry = JournalEntry.of(past);
                    apply(past.recorded().event(), entry.asMetaData());
                    history.add(past.recorded(), past.fingerprint());
                    outcomes.add(new Outcome.Recorded(past.recorded(), false));
                    last = past.recorded().sequence();
                }
                case Decision.Standing standing -> outcomes.add(outcome(standing, false));
                case Decision.Same(Identity identity, int index) -> {
                    RecordedEvent same = ((Outcome.Recorded) outcomes.get(index)).event();
                    if (identity.isKeyed()) {
                        Decision.Standing answer = new Decision.Repeated(same);
                        remember(RememberedCommand.of(command.ledger(), identity, last, answer), history, append);
                    }
                    outcomes.add(new Outcome.Recorded(same, true));
                }
                case Decision.Remembered(RememberedCommand remembered) -> {
                    remember(remembered, history, append);
                    outcomes.add(outcome(requireNonNull(remembered.answer()), false));
                }
                case Decision.Kept(RememberedCommand remembered) -> remember(remembered, history, append);
                case Decision.Recalled(RememberedCommand remembered) ->
                    outcomes.add(outcome(requireNonNull(remembered.answer()), true));
                case Decision.Refused(var rejection) -> outcomes.add(new Outcome.Refused(rejection));
            }
        }
        if (use != null) {
            remember(use, history, append);
        }
        if (outcomes.isEmpty()) {
            outcomes.add(new Outcome.Stood(known.head()));
        }
        return new LedgerAnswer(outcomes, repeated > 0 && allAreRepeats ? repeated : last);
    }

    /** Whether nothing is decided anew, and nothing is written. */
    private static boolean areRepeats(List<Decision> decisions) {
        return decisions.stream()
                .allMatch(decision -> decision instanceof Decision.Repeated || decision instanceof Decision.Recalled);
    }

    /** Another piece of its history has been imported. */
    void imported(boolean complete) {
        importing = !complete;
    }

    private void remember(RememberedCommand command, JournalHistory history, JournalAppend append) {
        append.remember(command, sequence);
        history.add(command);
    }

    private static Outcome outcome(Decision.Standing standing, boolean repeated) {
        return switch (standing) {
            case Decision.Repeated(RecordedEvent earlier) -> new Outcome.Recorded(earlier, true);
            case Decision.Unchanged(LedgerEvent unchanged) -> new Outcome.Unchanged(unchanged, repeated);
        };
    }

    /** Every hold that is open. */
    Collection<Hold> openHolds() {
        return state.holds().values();
    }

    private RecordedEvent record(Decision.Accepted accepted, JournalHistory history, RequestContext request) {
        String flaw = HashChain.flaw(chain, HashChain.VERSION);
        if (flaw != null) {
            throw new IllegalStateException("ledger " + id + " is written by a later version of Daybook; event "
                    + (sequence + 1) + " cannot be recorded by this one: " + flaw);
        }
        JournalEntry entry = JournalEntry.following(
                        hash,
                        new LedgerId(id),
                        sequence + 1,
                        accepted.identity().eventId(),
                        request.receivedAt(),
                        request.requestId(),
                        request.actor(),
                        accepted.event(),
                        accepted.identity().fingerprint())
                .in(request.trace());
        apply(accepted.event(), entry.asMetaData());
        history.add(entry.event(), accepted.identity().fingerprint());
        return entry.event();
    }

    @EventSourcingHandler
    void on(
            LedgerEvent event,
            @MetaDataValue(RecordedEvent.Metadata.CHAIN) String chainOfEvent,
            @MetaDataValue(RecordedEvent.Metadata.HASH) String hashOfEvent) {
        state = Ledger.evolve(state, event);
        sequence++;
        chain = Integer.parseInt(chainOfEvent);
        hash = hashOfEvent;
    }

    /** What has changed, if it is due for a snapshot; else null. It may be written when all that led to it is durable. */
    @Nullable SnapshotDelta takeChanges(LedgerSnapshotter snapshotter) {
        LedgerOpened opened = state.opened();
        if (opened == null || !snapshotter.isDue(state.changeCount(), sequence - snapshotSequence)) {
            return null;
        }
        long base = snapshotSequence;
        snapshotSequence = sequence;
        return new SnapshotDelta(new LedgerId(id), base, sequence, chain, hash, opened, state.takeChanges());
    }

    /**
     * Of the request that a command came with.
     *
     * @param receivedAt when the batch it is handled in began: the recorded time of what it leads to
     * @param trace that the client began, or null
     */
    record RequestContext(
            Instant receivedAt,
            String requestId,
            String actor,
            @Nullable UUID trace) {}
}
