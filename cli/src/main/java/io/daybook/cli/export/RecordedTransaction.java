package io.daybook.cli.export;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.UpcasterChain;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A transaction as it stands in a ledger's history.
 *
 * @param recordedAt as the API writes times
 */
record RecordedTransaction(long sequence, String recordedAt, Transaction transaction) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /**
     * The transaction of an event of the API, or null if the event moved no money.
     *
     * @throws CommandFailed if the event is of a kind that this version does not know, and which may have moved money
     */
    static @Nullable RecordedTransaction of(JsonNode event) {
        return read(event) instanceof Transaction transaction
                ? new RecordedTransaction(
                        event.path("sequence").asLong(0),
                        event.path("recordedAt").asString(""),
                        transaction)
                : null;
    }

    private static LedgerEvent read(JsonNode event) {
        String name = event.path("type").asString("");
        try {
            UpcasterChain chain = UpcasterChain.ofDaybook();
            if (!chain.needsStep(name)) {
                return JSON.treeToValue(
                        event.path("data"), EventType.named(name).eventClass());
            }
            UpcasterChain.Upcasted upcasted = chain.upcast(name, JSON.convertValue(event.path("data"), OBJECT));
            return JSON.convertValue(upcasted.data(), upcasted.type().eventClass());
        } catch (IllegalArgumentException | JacksonException e) {
            throw new CommandFailed(
                    "Event " + event.path("sequence").asLong(0) + " cannot be exported: " + e.getMessage()
                            + ".\nLeaving it out could make balances wrong, so the export ended there.",
                    e);
        }
    }

    /** The client's name for it, or else its id. */
    String name() {
        return transaction.reference() == null ? transaction.id().toString() : transaction.reference();
    }

    /** The amount in the asset's whole units, with exactly its decimals. */
    static BigDecimal decimal(Amount amount, Asset asset) {
        return new BigDecimal(amount.toBigInteger(), asset.decimals());
    }
}
