package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Why a command was refused. A value, not an exception: to be refused is an ordinary answer. */
public sealed interface Rejection {

    record LedgerNotFound(LedgerId ledger) implements Rejection {}

    /**
     * The ledger is open in another region, or with other metadata.
     *
     * @param region in which it is open, or null for the installation's own
     * @param sameRegion whether that is where it was asked for
     */
    record LedgerExists(LedgerId ledger, @Nullable String region, boolean sameRegion) implements Rejection {}

    record AccountNotFound(AccountAddress account) implements Rejection {}

    record TransactionNotFound(UUID id) implements Rejection {}

    record HoldNotFound(UUID id) implements Rejection {}

    /** The hold has been captured, voided or released by its time. */
    record HoldNotOpen(UUID id) implements Rejection {}

    record AlreadyReversed(UUID id, UUID reversedBy) implements Rejection {}

    /**
     * @param remaining what is left of the hold
     */
    record CaptureExceedsHold(UUID id, Asset asset, Amount remaining, Amount required) implements Rejection {}

    /** Neither the hold nor the capture says where the money goes, or it is the source itself. */
    record NoDestination(UUID hold) implements Rejection {}

    /** The time at which the hold should expire has passed already. */
    record ExpiryPassed(Instant expiresAt) implements Rejection {}

    /**
     * @param size how many entries there would be
     */
    record TooMuchMetadata(int size, int most) implements Rejection {}

    /** The idempotency key came with another request before. */
    record IdempotencyKeyReused() implements Rejection {}

    /** The id is that of a transaction or a hold with other content. */
    record DuplicateId(UUID id) implements Rejection {}

    record DuplicateReference(String reference, UUID takenBy) implements Rejection {}

    /**
     * @param available what could have gone out, overdraft included; never negative
     */
    record InsufficientFunds(AccountAddress account, Asset asset, Amount available, Amount required)
            implements Rejection {}

    record AccountClosed(AccountAddress account) implements Rejection {}

    /**
     * @param limit the least or greatest balance that the posting would have passed
     */
    record BalanceLimit(AccountAddress account, Asset asset, Amount limit) implements Rejection {}

    /** A balance would leave the range of {@link Amount}, or all of an unlimited source was asked for. */
    record AmountOutOfRange(AccountAddress account, Asset asset) implements Rejection {}

    /**
     * What was given as a ledger's history is not the continuation of what is there.
     *
     * @param sequence of the first event that does not fit
     */
    record BrokenChain(long sequence, String why) implements Rejection {}

    /** The ledger's history is being imported; until that is complete or given up, nothing else is recorded in it. */
    record ImportInProgress(LedgerId ledger) implements Rejection {}

    /** The transaction is sound, but another one of its atomic batch was refused. */
    record NotApplied(int refusedIndex) implements Rejection {}
}
