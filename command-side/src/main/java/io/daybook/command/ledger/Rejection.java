package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Why a command was refused. A value, not an exception: to be refused is an ordinary answer. */
public sealed interface Rejection {

    record LedgerNotFound(LedgerId ledger) implements Rejection {}

    /** The ledger is open in another region. */
    record LedgerExists(LedgerId ledger, @Nullable String region) implements Rejection {}

    /** The idempotency key came with another request before. */
    record IdempotencyKeyReused() implements Rejection {}

    /** The id is that of a transaction with other content. */
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

    /** The transaction is sound, but another one of its atomic batch was refused. */
    record NotApplied(int refusedIndex) implements Rejection {}
}
