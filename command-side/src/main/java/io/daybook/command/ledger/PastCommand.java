package io.daybook.command.ledger;

import io.daybook.events.LedgerEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command that is remembered in another installation, as it led to no event there ({@link RememberedCommand}).
 *
 * @param sequence how far the ledger had come when it was answered
 * @param eventId the id of the event that it would have led to
 * @param standingId the event that it was answered with, or null
 * @param standing what it was answered with otherwise, or null
 */
public record PastCommand(
        long sequence,
        UUID eventId,
        String fingerprint,
        @Nullable UUID standingId,
        @Nullable LedgerEvent standing) {}
