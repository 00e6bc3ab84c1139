package io.daybook.command.posting;

import static io.daybook.http.RequestValues.required;

import io.daybook.command.intake.Identities;
import io.daybook.command.intake.RequestedAmount;
import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A transaction as a client asks for it. */
record TransactionBody(
        @Nullable String id,
        @Nullable String reference,
        @Nullable String effectiveAt,
        @Nullable Map<String, String> metadata,
        @Nullable List<@Nullable PostingBody> postings) {

    record PostingBody(
            @Nullable AccountAddress source,
            @Nullable AccountAddress destination,
            @Nullable Asset asset,
            @Nullable RequestedAmount amount) {}

    /**
     * The transaction to be posted.
     *
     * @param path where the body stands in the request, such as {@code transactions[3].}; empty if it is the request
     * @throws ProblemException if a field is missing or not of the contract's form
     */
    RequestedTransaction toTransaction(String path, int index, Identities identities) {
        UUID chosen = id == null ? null : RequestValues.uuid(path + "id", id);
        Identity identity = identities.ofItem(index, chosen);
        return new RequestedTransaction(
                identity,
                chosen == null ? identity.eventId() : chosen,
                Texts.reference(path + "reference", reference),
                effectiveAt == null ? null : RequestValues.time(path + "effectiveAt", effectiveAt),
                requestedPostings(path + "postings"),
                Texts.metadata(path + "metadata", metadata));
    }

    private List<RequestedPosting> requestedPostings(String path) {
        if (postings == null || postings.isEmpty() || postings.size() > RequestedTransaction.MAX_POSTINGS) {
            throw ProblemException.invalidField(path, "has 1 to " + RequestedTransaction.MAX_POSTINGS + " postings");
        }
        List<RequestedPosting> requested = new ArrayList<>(postings.size());
        for (int i = 0; i < postings.size(); i++) {
            requested.add(requestedPosting(path + "[" + i + "]", postings.get(i)));
        }
        return requested;
    }

    private static RequestedPosting requestedPosting(String path, @Nullable PostingBody posting) {
        PostingBody given = required(path, posting);
        AccountAddress source = required(path + ".source", given.source());
        AccountAddress destination = required(path + ".destination", given.destination());
        if (source.equals(destination)) {
            throw ProblemException.invalidField(path + ".destination", "is another account than the source");
        }
        return new RequestedPosting(
                source,
                destination,
                required(path + ".asset", given.asset()),
                RequestedAmount.orMax(path + ".amount", required(path + ".amount", given.amount())));
    }
}
