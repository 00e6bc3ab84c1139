package io.daybook.command.ledger;

import static java.util.Objects.requireNonNull;

import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.events.LedgerId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command that came with an idempotency key, was answered with success, and led to no event, as there was nothing to
 * change. It is kept beside the journal, so that a repeat of it is given the same answer, whatever has changed since.
 *
 * @param eventId the id of the event that it would have led to
 * @param fingerprint that of the request
 * @param sequence how far the ledger had come when it was answered
 * @param answer what stood already; null for the first transaction of a batch if that was refused and others were not: the
 *     key was used then, and what was refused may be tried again with it
 */
public record RememberedCommand(
        LedgerId ledger, UUID eventId, String fingerprint, long sequence, Decision.@Nullable Standing answer) {

    /**
     * @param identity one with a fingerprint
     */
    public static RememberedCommand of(
            LedgerId ledger, Identity identity, long sequence, Decision.@Nullable Standing answer) {
        return new RememberedCommand(
                ledger, identity.eventId(), requireNonNull(identity.fingerprint()), sequence, answer);
    }
}
