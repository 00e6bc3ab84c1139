package io.daybook.command.posting;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.intake.CommandIntake;
import io.daybook.command.intake.Identities;
import io.daybook.command.intake.Problems;
import io.daybook.command.intake.Replies;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.Transfer;
import io.daybook.command.ledger.Rejection.IdempotencyKeyReused;
import io.daybook.command.ledger.Rejection.LedgerNotFound;
import io.daybook.events.LedgerId;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.Problem;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Posts transactions, one by one or in batches. */
@RestController
class PostingController {

    record BatchBody(@Nullable Boolean atomic, @Nullable List<@Nullable TransactionBody> transactions) {}

    record BatchView(List<ItemView> results, long sequence) {}

    /** What came of one transaction of a batch. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ItemView(
            int status,
            @Nullable TransactionView transaction,
            @Nullable Problem problem) {}

    private final CommandIntake commands;

    PostingController(CommandIntake commands) {
        this.commands = commands;
    }

    @PostMapping("/v1/ledgers/{ledger}/transactions")
    ResponseEntity<TransactionView> post(
            @PathVariable("ledger") String ledgerName,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody TransactionBody body,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        Transfer transfer = body.toTransfer("", 0, Identities.of(ledger, key, "post transaction", body));
        LedgerAnswer answer = commands.send(new PostTransactions(ledger, true, List.of(transfer)), caller);
        return switch (Replies.onlyOutcome(answer)) {
            case Outcome.Recorded(var recorded, boolean repeated) ->
                Replies.success(HttpStatus.CREATED, answer, repeated).body(TransactionView.of(recorded));
            case Outcome.Refused(var rejection) -> throw Replies.refusal(rejection, answer);
            case Outcome.Unchanged unchanged ->
                throw new IllegalStateException("a posting changes the ledger: " + unchanged);
        };
    }

    @PostMapping("/v1/ledgers/{ledger}/transactions/batch")
    ResponseEntity<BatchView> postBatch(
            @PathVariable("ledger") String ledgerName,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody BatchBody body,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        List<Transfer> transfers = transfers(body, Identities.of(ledger, key, "post batch", body));
        LedgerAnswer answer =
                commands.send(new PostTransactions(ledger, Boolean.TRUE.equals(body.atomic()), transfers), caller);
        // These are of the whole request, not of one of its transactions.
        if (answer.outcomes().getFirst() instanceof Outcome.Refused(var rejection)
                && (rejection instanceof LedgerNotFound || rejection instanceof IdempotencyKeyReused)) {
            throw Replies.refusal(rejection, answer);
        }
        boolean repeated = answer.outcomes().stream()
                .allMatch(outcome -> outcome instanceof Outcome.Recorded recorded && recorded.repeated());
        return Replies.success(HttpStatus.OK, answer, repeated)
                .body(new BatchView(
                        answer.outcomes().stream().map(PostingController::view).toList(), answer.sequence()));
    }

    private static List<Transfer> transfers(BatchBody body, Identities identities) {
        List<@Nullable TransactionBody> bodies = body.transactions();
        if (bodies == null || bodies.isEmpty() || bodies.size() > PostTransactions.MAX_TRANSACTIONS) {
            throw ProblemException.invalidField(
                    "transactions", "has 1 to " + PostTransactions.MAX_TRANSACTIONS + " transactions");
        }
        List<Transfer> transfers = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            String path = "transactions[" + i + "]";
            TransactionBody transaction = bodies.get(i);
            if (transaction == null) {
                throw ProblemException.invalidField(path, "is a transaction");
            }
            transfers.add(transaction.toTransfer(path + ".", i, identities));
        }
        return transfers;
    }

    private static ItemView view(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Recorded(var recorded, boolean repeated) ->
                new ItemView(HttpStatus.CREATED.value(), TransactionView.of(recorded), null);
            case Outcome.Refused(var rejection) -> {
                Problem problem = Problems.of(rejection);
                yield new ItemView(problem.status(), null, problem);
            }
            case Outcome.Unchanged unchanged ->
                throw new IllegalStateException("a posting changes the ledger: " + unchanged);
        };
    }
}
