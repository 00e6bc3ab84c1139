package io.daybook.command.posting;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.daybook.command.intake.Identities;
import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.Movement;
import io.daybook.command.ledger.LedgerCommand.Transfer;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.math.BigInteger;
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
     * An amount as it was asked for: any whole number, or all that is available.
     *
     * @param number null for {@code "max"}
     */
    record RequestedAmount(@Nullable BigInteger number) {

        private static final String MAX = "max";

        /** More digits than any amount can have; what is longer is not read, as that takes ever more time. */
        private static final int TOO_MANY_DIGITS = 60;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static RequestedAmount of(BigInteger number) {
            return new RequestedAmount(number);
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static RequestedAmount of(String text) {
            if (text.equals(MAX)) {
                return new RequestedAmount((BigInteger) null);
            }
            if (!text.matches("-?[0-9]+")) {
                throw new IllegalArgumentException(
                        "an amount is a whole number of the asset's smallest unit, in digits only, or \"max\"");
            }
            return new RequestedAmount(
                    new BigInteger(text.length() > TOO_MANY_DIGITS ? "9".repeat(TOO_MANY_DIGITS) : text));
        }

        @JsonValue
        @Override
        public String toString() {
            return number == null ? MAX : number.toString();
        }
    }

    /**
     * The transaction to be posted.
     *
     * @param path where the body stands in the request, such as {@code transactions[3].}; empty if it is the request
     * @throws ProblemException if a field is missing or not of the contract's form
     */
    Transfer toTransfer(String path, int index, Identities identities) {
        UUID chosen = id == null ? null : RequestValues.uuid(path + "id", id);
        Identity identity = identities.ofItem(index, chosen);
        return new Transfer(
                identity,
                chosen == null ? identity.eventId() : chosen,
                Texts.reference(path + "reference", reference),
                effectiveAt == null ? null : RequestValues.time(path + "effectiveAt", effectiveAt),
                movements(path + "postings"),
                Texts.metadata(path + "metadata", metadata));
    }

    private List<Movement> movements(String path) {
        if (postings == null || postings.isEmpty() || postings.size() > Transfer.MAX_POSTINGS) {
            throw ProblemException.invalidField(path, "has 1 to " + Transfer.MAX_POSTINGS + " postings");
        }
        List<Movement> movements = new ArrayList<>(postings.size());
        for (int i = 0; i < postings.size(); i++) {
            movements.add(movement(path + "[" + i + "]", postings.get(i)));
        }
        return movements;
    }

    private static Movement movement(String path, @Nullable PostingBody posting) {
        PostingBody given = required(path, posting);
        AccountAddress source = required(path + ".source", given.source());
        AccountAddress destination = required(path + ".destination", given.destination());
        if (source.equals(destination)) {
            throw ProblemException.invalidField(path + ".destination", "is another account than the source");
        }
        return new Movement(
                source,
                destination,
                required(path + ".asset", given.asset()),
                amount(path + ".amount", required(path + ".amount", given.amount())));
    }

    private static @Nullable Amount amount(String field, RequestedAmount requested) {
        BigInteger number = requested.number();
        if (number == null) {
            return null;
        }
        if (number.signum() <= 0
                || number.bitLength() > Amount.MAX.toBigInteger().bitLength()) {
            throw new ProblemException(Problem.of(
                    ProblemCode.AMOUNT_OUT_OF_RANGE,
                    field + ": an amount is from 1 to 2^127-1 of the asset's smallest unit"));
        }
        return Amount.of(number);
    }

    private static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw ProblemException.invalidField(field, "is required");
        }
        return value;
    }
}
