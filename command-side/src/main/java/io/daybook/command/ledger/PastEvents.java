package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Kept;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Repeated;
import io.daybook.command.ledger.Decision.Restored;
import io.daybook.command.ledger.Decision.Standing;
import io.daybook.command.ledger.Decision.Unchanged;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.Rejection.BrokenChain;
import io.daybook.events.AccountAddress;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.HoldReleased.Reason;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How history that was recorded elsewhere is taken over: each event must be the next one of the hash chain, and must be
 * possible after the one before. Whether it would be allowed today is not asked: it has happened.
 */
final class PastEvents {

    private final AppendHistory append;
    private final History history;

    /** What the events of this command touch of the ledger, changed as they go on; the ledger itself is not. */
    private final LedgerState state;

    private final Set<UUID> events = new HashSet<>();
    private final Map<UUID, RememberedCommand> commands = new HashMap<>();
    private final Map<UUID, LedgerEvent> entities = new HashMap<>();
    private final Set<UUID> reversed = new HashSet<>();
    private final Set<String> references = new HashSet<>();

    private PastEvents(AppendHistory append, LedgerState state, History history) {
        this.append = append;
        this.history = history;
        this.state = state.part(accounts(append), holds(append));
    }

    /** One decision for each event, none of them {@link Refused}, and what is to be remembered; or one that refuses all. */
    static List<Decision> append(AppendHistory append, LedgerState state, History history) {
        return new PastEvents(append, state, history).decide();
    }

    private List<Decision> decide() {
        List<Decision> decisions = new ArrayList<>(append.events().size());
        History.Head head = history.head();
        long last = head.sequence();
        int chain = head.chain();
        byte[] hash = HexFormat.of().parseHex(head.hash());
        for (PastEvent past : append.events()) {
            RecordedEvent recorded = past.recorded();
            if (recorded.sequence() <= head.sequence()) {
                if (!isThere(recorded)) {
                    return refused(recorded, "this ledger has another event there, with another content or hash");
                }
                decisions.add(new Repeated(recorded));
                continue;
            }
            if (recorded.sequence() != last + 1) {
                return refused(recorded, "the event after " + last + " is expected");
            }
            String flawOfChain = HashChain.flaw(chain, recorded.chain());
            if (flawOfChain != null) {
                return refused(recorded, flawOfChain);
            }
            chain = recorded.chain();
            hash = hashAfter(hash, past);
            if (!HexFormat.of().formatHex(hash).equals(recorded.hash())) {
                return refused(
                        recorded,
                        "its hash does not follow from the event before and its content; something was changed, or it is"
                                + " of a ledger with another name than '" + append.ledger() + "'");
            }
            String flaw = flaw(recorded);
            if (flaw != null) {
                return refused(recorded, flaw);
            }
            last = recorded.sequence();
            decisions.add(new Restored(past));
        }
        for (PastCommand past : append.commands()) {
            Decision decision = decide(past, last);
            if (decision instanceof Refused) {
                return List.of(decision);
            }
            if (decision != null) {
                decisions.add(decision);
            }
        }
        return decisions;
    }

    /** Null if it is remembered already. */
    private @Nullable Decision decide(PastCommand past, long last) {
        if (past.sequence() < RecordedEvent.FIRST_SEQUENCE || past.sequence() > last) {
            return refused(past, "it was answered after an event that is not there");
        }
        if (events.contains(past.eventId()) || history.event(past.eventId()) != null) {
            return refused(past, "there is an event under its id");
        }
        RecordedEvent met = past.standingId() == null ? null : event(past.standingId());
        if (met == null && past.standingId() != null) {
            return refused(past, "the event that it was answered with is not there");
        }
        Standing answer =
                met != null ? new Repeated(met) : past.standing() == null ? null : new Unchanged(past.standing());
        RememberedCommand command =
                new RememberedCommand(append.ledger(), past.eventId(), past.fingerprint(), past.sequence(), answer);
        RememberedCommand known = history.remembered(past.eventId());
        if (known == null && commands.putIfAbsent(past.eventId(), command) == null) {
            return new Kept(command);
        }
        return command.equals(known == null ? commands.get(past.eventId()) : known)
                ? null
                : refused(past, "another request or answer is remembered under its id");
    }

    private @Nullable RecordedEvent event(UUID id) {
        for (PastEvent past : append.events()) {
            if (past.recorded().id().equals(id)) {
                return past.recorded();
            }
        }
        History.Entry entry = history.event(id);
        return entry == null ? null : entry.event();
    }

    private static Refused refused(PastCommand past, String why) {
        return new Refused(new BrokenChain(
                past.sequence(), "a command with the id " + past.eventId() + " is with it, and " + why));
    }

    private static List<Decision> refused(RecordedEvent recorded, String why) {
        return List.of(new Refused(new BrokenChain(recorded.sequence(), why)));
    }

    private boolean isThere(RecordedEvent recorded) {
        History.Entry entry = history.event(recorded.id());
        return entry != null && entry.event().equals(recorded);
    }

    private byte[] hashAfter(byte[] previous, PastEvent past) {
        RecordedEvent recorded = past.recorded();
        return HashChain.next(
                previous,
                recorded.chain(),
                append.ledger(),
                recorded.sequence(),
                recorded.id(),
                past.type(),
                recorded.recordedAt(),
                recorded.requestId(),
                recorded.actor(),
                past.data());
    }

    /** Why the event cannot have happened after those before it, or null after it has happened in this state. */
    private @Nullable String flaw(RecordedEvent recorded) {
        LedgerEvent event = recorded.event();
        if (!isWhole(event)) {
            return "something is missing in it";
        }
        if (state.isOpen() == event instanceof LedgerOpened) {
            return "a history begins with the opening of its ledger, and has no other one";
        }
        if (!events.add(recorded.id()) || history.event(recorded.id()) != null) {
            return "an earlier event has its id";
        }
        String flaw = flawOfIdentity(event);
        if (flaw == null) {
            flaw = flawOfContent(event, recorded.recordedAt());
        }
        if (flaw != null) {
            return flaw;
        }
        try {
            Ledger.evolve(state, event);
            return null;
        } catch (ArithmeticException outOfRange) {
            return "a balance would leave the range of 2^127-1 either way";
        }
    }

    private @Nullable String flawOfIdentity(LedgerEvent event) {
        UUID id =
                switch (event) {
                    case Transaction transaction -> transaction.id();
                    case HoldPlaced placed -> placed.id();
                    default -> null;
                };
        if (id != null && (history.entity(id) != null || entities.putIfAbsent(id, event) != null)) {
            return "an earlier transaction or hold has the id " + id;
        }
        String reference = event instanceof Transaction transaction ? transaction.reference() : null;
        boolean isTaken = reference != null && (history.reference(reference) != null || !references.add(reference));
        return isTaken ? "an earlier transaction has its reference" : null;
    }

    private @Nullable String flawOfContent(LedgerEvent event, Instant recordedAt) {
        return switch (event) {
            case LedgerOpened opened -> null;
            case AccountConfigured configured -> flawOfConfiguration(configured);
            case TransactionPosted posted -> null;
            case TransactionReversed reversal -> flawOfReversal(reversal);
            case HoldPlaced placed -> flawOfHold(placed, recordedAt);
            case HoldCaptured captured -> flawOfCapture(captured, recordedAt);
            case HoldReleased released -> flawOfRelease(released, recordedAt);
            case MetadataChanged changed -> {
                boolean exists = changed.account() == null || state.exists(changed.account());
                boolean happened = changed.transaction() == null || transaction(changed.transaction()) != null;
                yield exists && happened ? null : "what it tells of does not exist";
            }
        };
    }

    private @Nullable String flawOfConfiguration(AccountConfigured configured) {
        if (configured.created() == state.exists(configured.account())) {
            return "it tells wrongly whether it made the account";
        }
        boolean isBound = configured.account().isWorld()
                && !AccountSettings.of(configured).with(Map.of()).equals(AccountSettings.WORLD);
        return isBound ? "world has no bounds and is never closed" : null;
    }

    private @Nullable String flawOfReversal(TransactionReversed reversal) {
        Transaction undone = transaction(reversal.reverses());
        if (undone == null || history.reversal(reversal.reverses()) != null || !reversed.add(reversal.reverses())) {
            return "what it reverses is not a transaction, or was reversed before";
        }
        return reversal.postings().equals(Transactions.undoing(undone))
                ? null
                : "its postings are not those of what it reverses, back and in the opposite order";
    }

    /** When a hold ends by itself was asked at the time at which the event was recorded, so it can be asked again. */
    private static @Nullable String flawOfHold(HoldPlaced placed, Instant recordedAt) {
        if (!placed.amount().isPositive()) {
            return "it holds nothing";
        }
        return Hold.of(placed).isExpired(recordedAt) ? "it had expired before it was placed" : null;
    }

    private @Nullable String flawOfCapture(HoldCaptured captured, Instant recordedAt) {
        Hold hold = state.hold(captured.hold());
        Posting posting = captured.postings().getFirst();
        boolean fits = hold != null
                && captured.postings().size() == 1
                && posting.source().equals(hold.source())
                && posting.asset().equals(hold.asset())
                && posting.amount().isPositive()
                && !captured.released().isNegative()
                && (captured.closes() || captured.released().isZero())
                && isWithin(captured, hold);
        if (!fits) {
            return "it does not take from an open hold what is left of it";
        }
        if (hold.isExpired(recordedAt)) {
            return "the hold that it takes from had expired";
        }
        return captured.metadata().equals(hold.metadata()) ? null : "its metadata are not those of its hold";
    }

    private @Nullable String flawOfRelease(HoldReleased released, Instant recordedAt) {
        Hold hold = state.hold(released.hold());
        boolean fits = hold != null
                && hold.source().equals(released.source())
                && hold.asset().equals(released.asset())
                && hold.remaining().equals(released.amount());
        if (!fits) {
            return "it does not release what is left of an open hold";
        }
        boolean hasExpired = hold.isExpired(recordedAt);
        return hasExpired == (released.reason() == Reason.EXPIRED)
                ? null
                : "the hold that it releases had " + (hasExpired ? "expired, and was not voided" : "not expired");
    }

    private static boolean isWithin(HoldCaptured captured, Hold hold) {
        try {
            int order = captured.taken().compareTo(hold.remaining());
            return captured.closes() ? order == 0 : order < 0;
        } catch (ArithmeticException outOfRange) {
            return false;
        }
    }

    private @Nullable Transaction transaction(UUID id) {
        LedgerEvent here = entities.get(id);
        if (here == null) {
            History.Entry earlier = history.entity(id);
            here = earlier == null ? null : earlier.event().event();
        }
        return here instanceof Transaction transaction ? transaction : null;
    }

    /** JSON may lack what a record must have. */
    private static boolean isWhole(LedgerEvent event) {
        return switch (event) {
            case LedgerOpened opened -> true;
            case AccountConfigured configured ->
                areThere(configured.account(), configured.overdraft())
                        && areThere(configured.limits().values().toArray());
            case TransactionPosted posted -> isWholeTransaction(posted);
            case TransactionReversed reversal -> isWholeTransaction(reversal) && reversal.reverses() != null;
            case HoldCaptured captured ->
                isWholeTransaction(captured) && areThere(captured.hold(), captured.released());
            case HoldPlaced placed -> areThere(placed.id(), placed.source(), placed.asset(), placed.amount());
            case HoldReleased released ->
                areThere(released.hold(), released.source(), released.asset(), released.amount(), released.reason());
            case MetadataChanged changed -> true;
        };
    }

    private static boolean isWholeTransaction(Transaction transaction) {
        return areThere(transaction.id(), transaction.effectiveAt())
                && !transaction.postings().isEmpty();
    }

    private static boolean areThere(@Nullable Object... values) {
        return Stream.of(values).allMatch(Objects::nonNull);
    }

    private static Set<AccountAddress> accounts(AppendHistory append) {
        Set<AccountAddress> accounts = new HashSet<>();
        for (PastEvent past : append.events()) {
            switch (past.recorded().event()) {
                case Transaction transaction ->
                    transaction.postings().forEach(posting -> {
                        accounts.add(posting.source());
                        accounts.add(posting.destination());
                    });
                case AccountConfigured configured -> accounts.add(configured.account());
                case HoldPlaced placed -> accounts.add(placed.source());
                case HoldReleased released -> accounts.add(released.source());
                case MetadataChanged changed when changed.account() != null -> accounts.add(changed.account());
                case MetadataChanged changed -> {}
                case LedgerOpened opened -> {}
            }
        }
        return accounts;
    }

    private static Set<UUID> holds(AppendHistory append) {
        Set<UUID> holds = new HashSet<>();
        for (PastEvent past : append.events()) {
            switch (past.recorded().event()) {
                case HoldCaptured captured -> holds.add(captured.hold());
                case HoldReleased released -> holds.add(released.hold());
                default -> {}
            }
        }
        return holds;
    }
}
