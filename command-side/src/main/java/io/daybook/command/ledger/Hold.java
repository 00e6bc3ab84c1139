package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.HoldPlaced;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An open hold.
 *
 * @param remaining what is still set aside; more than zero
 */
public record Hold(
        UUID id,
        AccountAddress source,
        @Nullable AccountAddress destination,
        Asset asset,
        Amount remaining,
        @Nullable Instant expiresAt,
        Map<String, String> metadata) {

    public static Hold of(HoldPlaced event) {
        return new Hold(
                event.id(),
                event.source(),
                event.destination(),
                event.asset(),
                event.amount(),
                event.expiresAt(),
                event.metadata());
    }

    /** As the event that would have placed it with what remains of it. */
    public HoldPlaced asPlaced() {
        return new HoldPlaced(id, source, destination, asset, remaining, expiresAt, metadata);
    }

    Hold less(Amount taken) {
        return new Hold(id, source, destination, asset, remaining.minus(taken), expiresAt, metadata);
    }

    /** Whether its time has come, be it recorded already or not. */
    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
