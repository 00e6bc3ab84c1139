package io.daybook.command.reply;

import io.daybook.command.ledger.Rejection;
import io.daybook.command.ledger.Rejection.AccountClosed;
import io.daybook.command.ledger.Rejection.AccountNotFound;
import io.daybook.command.ledger.Rejection.AlreadyReversed;
import io.daybook.command.ledger.Rejection.AmountOutOfRange;
import io.daybook.command.ledger.Rejection.BalanceLimit;
import io.daybook.command.ledger.Rejection.BrokenChain;
import io.daybook.command.ledger.Rejection.CaptureExceedsHold;
import io.daybook.command.ledger.Rejection.DuplicateId;
import io.daybook.command.ledger.Rejection.DuplicateReference;
import io.daybook.command.ledger.Rejection.ExpiryPassed;
import io.daybook.command.ledger.Rejection.HoldNotFound;
import io.daybook.command.ledger.Rejection.HoldNotOpen;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.command.ledger.Rejection.ImportInProgress;
import io.daybook.command.ledger.Rejection.InsufficientFunds;
import io.daybook.command.ledger.Rejection.LedgerExists;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.ledger.Rejection.NoDestination;
import io.daybook.command.ledger.Rejection.NotApplied;
import io.daybook.command.ledger.Rejection.TooMuchMetadata;
import io.daybook.command.ledger.Rejection.TransactionNotFound;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import java.util.Map;

/** What a rejection is in HTTP. */
public final class Problems {

    private Problems() {}

    public static Problem of(Rejection rejection) {
        return switch (rejection) {
            case LedgerNotFound(var ledger) ->
                Problem.of(
                        ProblemCode.LEDGER_NOT_FOUND,
                        "there is no ledger '" + ledger + "'; open it with PUT /v1/ledgers/" + ledger);
            case LedgerExists(var ledger, var region, boolean sameRegion) ->
                Problem.of(
                        ProblemCode.LEDGER_EXISTS,
                        sameRegion
                                ? "ledger '" + ledger + "' is open with other metadata; PATCH /v1/ledgers/" + ledger
                                        + "/metadata changes it"
                                : "ledger '" + ledger + "' is open in "
                                        + (region == null ? "the installation's own region" : "region '" + region + "'")
                                        + "; a ledger keeps its region");
            case AccountNotFound(var account) ->
                Problem.of(
                        ProblemCode.ACCOUNT_NOT_FOUND,
                        "there is no account '" + account + "' in this ledger; the first posting makes one, or a PUT");
            case TransactionNotFound(var id) ->
                Problem.of(ProblemCode.TRANSACTION_NOT_FOUND, "there is no transaction " + id + " in this ledger");
            case HoldNotFound(var id) ->
                Problem.of(ProblemCode.HOLD_NOT_FOUND, "there is no hold " + id + " in this ledger");
            case HoldNotOpen(var id) ->
                Problem.of(
                        ProblemCode.HOLD_NOT_OPEN, "hold " + id + " has ended: it was captured, voided or has expired");
            case AlreadyReversed(var id, var reversedBy) ->
                Problem.of(
                        ProblemCode.ALREADY_REVERSED,
                        "transaction " + id + " was reversed by transaction " + reversedBy,
                        Map.of("transaction", id, "reversedBy", reversedBy));
            case CaptureExceedsHold(var id, var asset, var remaining, var required) ->
                Problem.of(
                        ProblemCode.CAPTURE_EXCEEDS_HOLD,
                        remaining + " " + asset + " are left of hold " + id + ", " + required + " are required",
                        Map.of("hold", id, "asset", asset, "remaining", remaining, "required", required));
            case NoDestination(var hold) ->
                Problem.invalidField(
                        "destination",
                        "is required, as hold " + hold + " names none, and is another account than the source");
            case ExpiryPassed(var expiresAt) ->
                Problem.invalidField("expiresAt", "lies in the future; " + expiresAt + " has passed");
            case TooMuchMetadata(int size, int most) ->
                Problem.invalidField("metadata", "would have " + size + " entries; it has at most " + most);
            case IdempotencyKeyReused() ->
                Problem.of(
                        ProblemCode.IDEMPOTENCY_KEY_REUSED,
                        "this Idempotency-Key came with another request before; take a new key for a new request");
            case DuplicateId(var id) ->
                Problem.of(
                        ProblemCode.DUPLICATE_ID,
                        id
                                + " is the id of a transaction or a hold with other content; take another id, or leave it out");
            case DuplicateReference(var reference, var takenBy) ->
                Problem.of(
                        ProblemCode.DUPLICATE_REFERENCE,
                        "reference '" + reference + "' is that of transaction " + takenBy,
                        Map.of("reference", reference, "transaction", takenBy));
            case InsufficientFunds(var account, var asset, var available, var required) ->
                Problem.of(
                        ProblemCode.INSUFFICIENT_FUNDS,
                        account + " has " + available + " " + asset + " available, " + required + " are required",
                        Map.of("account", account, "asset", asset, "available", available, "required", required));
            case AccountClosed(var account) ->
                Problem.of(
                        ProblemCode.ACCOUNT_CLOSED,
                        account + " is closed: nothing goes in or out until it is opened with {\"closed\": false}",
                        Map.of("account", account));
            case BalanceLimit(var account, var asset, var limit) ->
                Problem.of(
                        ProblemCode.BALANCE_LIMIT,
                        "the balance of " + account + " in " + asset + " would pass its limit of " + limit,
                        Map.of("account", account, "asset", asset, "limit", limit));
            case AmountOutOfRange(var account, var asset) ->
                Problem.of(
                        ProblemCode.AMOUNT_OUT_OF_RANGE,
                        "the balance of " + account + " in " + asset
                                + " would leave the range of 2^127-1 either way, or has no bound to take \"max\" of",
                        Map.of("account", account, "asset", asset));
            case BrokenChain(long sequence, var why) ->
                Problem.of(
                        ProblemCode.BROKEN_CHAIN,
                        "event " + sequence + " cannot be taken over: " + why
                                + "; nothing of this request was recorded",
                        Map.of("sequence", sequence));
            case ImportInProgress(var ledger) ->
                Problem.of(
                        ProblemCode.IMPORT_IN_PROGRESS,
                        "the history of ledger '" + ledger + "' is being imported, so nothing else is recorded in it;"
                                + " POST /v1/ledgers/" + ledger + "/events?complete=true ends that, with its last"
                                + " events, or where it stands if it is sent without any");
            case NotApplied(int refusedIndex) ->
                Problem.of(
                        ProblemCode.NOT_APPLIED,
                        "nothing was posted, because transaction " + refusedIndex + " of this atomic batch was refused",
                        Map.of("refused", refusedIndex));
        };
    }
}
