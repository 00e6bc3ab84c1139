package io.daybook.command.posting;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.daybook.command.intake.CommandIntake;
import io.daybook.command.intake.Identities;
import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.events.LedgerId;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Posts transactions, one by one or in batches, and reverses them. */
@RestController
class PostingController {

    record BatchBody(@Nullable Boolean atomic, @Nullable List<@Nullable TransactionBody> transactions) {}

    private final CommandIntake commands;

    PostingController(CommandIntake commands) {
        this.commands = commands;
    }

    @PostMapping("/v1/ledgers/{ledger}/transactions")
    ResponseEntity<Object> post(
            @PathVariable("ledger") String ledgerName,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody TransactionBody body,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        RequestedTransaction transaction =
                body.toTransaction("", 0, Identities.of(ledger, key, caller, "post transaction", body));
        return commands.handle(PostTransactions.only(ledger, transaction), caller);
    }

    @PostMapping("/v1/ledgers/{ledger}/transactions/batch")
    ResponseEntity<Object> postBatch(
            @PathVariable("ledger") String ledgerName,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody BatchBody body,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        List<RequestedTransaction> transactions =
                transactions(body, Identities.of(ledger, key, caller, "post batch", body));
        return commands.handle(
                new PostTransactions(ledger, Boolean.TRUE.equals(body.atomic()), true, transactions), caller);
    }

    /** Earlier versions knew no {@code effectiveAt}: fingerprints that they recorded are over a body without it. */
    record ReversalBody(
            @Nullable String id,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String effectiveAt,

            @Nullable Map<String, String> metadata) {
        static final ReversalBody EMPTY = new ReversalBody(null, null, null);
    }

    @PostMapping("/v1/ledgers/{ledger}/transactions/{id}/reversal")
    ResponseEntity<Object> reverse(
            @PathVariable("ledger") String ledgerName,
            @PathVariable("id") String transaction,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody(required = false) @Nullable ReversalBody given,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        ReversalBody body = given == null ? ReversalBody.EMPTY : given;
        UUID reversed = RequestValues.uuid("id", transaction);
        UUID chosen = body.id() == null ? null : RequestValues.uuid("id", body.id());
        Identity identity =
                Identities.of(ledger, key, caller, "reverse " + reversed, body).ofItem(0, chosen);
        return commands.handle(
                new ReverseTransaction(
                        ledger,
                        identity,
                        reversed,
                        chosen == null ? identity.eventId() : chosen,
                        body.effectiveAt() == null ? null : RequestValues.time("effectiveAt", body.effectiveAt()),
                        Texts.metadata("metadata", body.metadata())),
                caller);
    }

    private static List<RequestedTransaction> transactions(BatchBody body, Identities identities) {
        List<@Nullable TransactionBody> bodies = body.transactions();
        if (bodies == null || bodies.isEmpty() || bodies.size() > PostTransactions.MAX_TRANSACTIONS) {
            throw ProblemException.invalidField(
                    "transactions", "has 1 to " + PostTransactions.MAX_TRANSACTIONS + " transactions");
        }
        List<RequestedTransaction> transactions = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            String path = "transactions[" + i + "]";
            TransactionBody transaction = bodies.get(i);
            if (transaction == null) {
                throw ProblemException.invalidField(path, "is a transaction");
            }
            transactions.add(transaction.toTransaction(path + ".", i, identities));
        }
        return transactions;
    }
}
