package io.daybook.command.intake;

import io.daybook.command.ledger.Rejection;
import io.daybook.command.ledger.Rejection.AccountClosed;
import io.daybook.command.ledger.Rejection.AmountOutOfRange;
import io.daybook.command.ledger.Rejection.BalanceLimit;
import io.daybook.command.ledger.Rejection.DuplicateId;
import io.daybook.command.ledger.Rejection.DuplicateReference;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.command.ledger.Rejection.InsufficientFunds;
import io.daybook.command.ledger.Rejection.LedgerExists;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.command.ledger.Rejection.NotApplied;
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
            case LedgerExists(var ledger, var region) ->
                Problem.of(
                        ProblemCode.LEDGER_EXISTS,
                        "ledger '" + ledger + "' is open in "
                                + (region == null ? "the installation's own region" : "region '" + region + "'")
                                + "; a ledger keeps its region");
            case IdempotencyKeyReused() ->
                Problem.of(
                        ProblemCode.IDEMPOTENCY_KEY_REUSED,
                        "this Idempotency-Key came with another request before; take a new key for a new request");
            case DuplicateId(var id) ->
                Problem.of(
                        ProblemCode.DUPLICATE_ID,
                        "transaction " + id + " exists with other content; take another id, or leave it out");
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
            case NotApplied(int refusedIndex) ->
                Problem.of(
                        ProblemCode.NOT_APPLIED,
                        "nothing was posted, because transaction " + refusedIndex + " of this atomic batch was refused",
                        Map.of("refused", refusedIndex));
        };
    }
}
