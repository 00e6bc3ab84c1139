package io.daybook.command.ledger;

import io.daybook.command.ledger.Decision.Accepted;
import io.daybook.command.ledger.Decision.Refused;
import io.daybook.command.ledger.Decision.Repeated;
import io.daybook.command.ledger.Draft.Standing;
import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.Rejection.AccountClosed;
import io.daybook.command.ledger.Rejection.AmountOutOfRange;
import io.daybook.command.ledger.Rejection.CaptureExceedsHold;
import io.daybook.command.ledger.Rejection.DuplicateId;
import io.daybook.command.ledger.Rejection.ExpiryPassed;
import io.daybook.command.ledger.Rejection.HoldNotFound;
import io.daybook.command.ledger.Rejection.HoldNotOpen;
import io.daybook.command.ledger.Rejection.NoDestination;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.HoldReleased.Reason;
import io.daybook.events.Posting;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** How holds are decided: money set aside, to be captured or released later. */
final class Holds {

    private Holds() {}

    static Decision place(PlaceHold place, LedgerState state, History history, Instant now) {
        History.Entry sameId = history.entity(place.id());
        if (sameId != null) {
            boolean sameContent = sameId.event().event() instanceof HoldPlaced earlier && place.describes(earlier);
            return sameContent ? new Repeated(sameId.event()) : new Refused(new DuplicateId(place.id()));
        }
        if (place.expiresAt() != null && !now.isBefore(place.expiresAt())) {
            return new Refused(new ExpiryPassed(place.expiresAt()));
        }
        AccountSettings from = state.settings(place.source());
        if (from.closed()) {
            return new Refused(new AccountClosed(place.source()));
        }
        if (place.destination() != null && state.settings(place.destination()).closed()) {
            return new Refused(new AccountClosed(place.destination()));
        }
        Amount unheld = new Draft(state).standing(place.source(), place.asset()).unheld();
        Rejection rejection = PostingRules.refusalToGive(place.source(), place.asset(), place.amount(), from, unheld);
        if (rejection != null) {
            return new Refused(rejection);
        }
        try {
            // Held once more, it must be countable too.
            state.held(place.source(), place.asset()).plus(place.amount());
        } catch (ArithmeticException outOfRange) {
            return new Refused(new AmountOutOfRange(place.source(), place.asset()));
        }
        return new Accepted(
                place.identity(),
                new HoldPlaced(
                        place.id(),
                        place.source(),
                        place.destination(),
                        place.asset(),
                        place.amount(),
                        place.expiresAt(),
                        place.metadata()));
    }

    /**
     * A hold is a promise: what it set aside can be captured even if the source's bounds have been narrowed since, as
     * that makes nothing less available than it was.
     */
    static Decision capture(CaptureHold capture, LedgerState state, History history, Instant now) {
        Hold hold = state.hold(capture.hold());
        if (hold == null || hold.isExpired(now)) {
            return new Refused(noOpenHold(capture.hold(), history));
        }
        AccountAddress destination = capture.destination() == null ? hold.destination() : capture.destination();
        if (destination == null || destination.equals(hold.source())) {
            return new Refused(new NoDestination(hold.id()));
        }
        Amount amount = capture.amount() == null ? hold.remaining() : capture.amount();
        if (amount.compareTo(hold.remaining()) > 0) {
            return new Refused(new CaptureExceedsHold(hold.id(), hold.asset(), hold.remaining(), amount));
        }
        Posting posting = new Posting(hold.source(), destination, hold.asset(), amount);
        Draft draft = new Draft(state);
        Standing from = draft.standing(hold.source(), hold.asset());
        Standing to = draft.standing(destination, hold.asset());
        Rejection rejection = PostingRules.refusalOfClosed(hold.source(), from, destination, to);
        if (rejection == null) {
            rejection = PostingRules.move(posting, from, to, draft);
        }
        if (rejection != null) {
            return new Refused(rejection);
        }
        Amount left = hold.remaining().minus(amount);
        boolean closes = capture.closing() || left.isZero();
        return new Accepted(
                capture.identity(),
                new HoldCaptured(
                        capture.identity().eventId(),
                        hold.id(),
                        List.of(posting),
                        closes ? left : Amount.ZERO,
                        closes,
                        now,
                        hold.metadata()));
    }

    static Decision release(
            Identity identity, UUID id, Reason reason, LedgerState state, History history, Instant now) {
        Hold hold = state.hold(id);
        if (hold == null || hold.isExpired(now) != (reason == Reason.EXPIRED)) {
            return new Refused(noOpenHold(id, history));
        }
        return new Accepted(identity, new HoldReleased(id, hold.source(), hold.asset(), hold.remaining(), reason));
    }

    private static Rejection noOpenHold(UUID id, History history) {
        History.Entry entity = history.entity(id);
        boolean known = entity != null && entity.event().event() instanceof HoldPlaced;
        return known ? new HoldNotOpen(id) : new HoldNotFound(id);
    }
}
