package io.daybook.command.store;

import io.daybook.axon.LedgerEventJson;
import io.daybook.command.ledger.History;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What the journal holds under the identities of one batch of commands: looked up in one round trip before the batch is
 * decided, and added to as the batch goes on.
 */
public final class JournalHistory {

    /** An identity to look for; what is null is not looked for. */
    public record Probe(
            LedgerId ledger,
            @Nullable UUID eventId,
            @Nullable UUID transactionId,
            @Nullable String reference) {}

    private static final String SELECT = """
            select e.ledger, e.sequence, e.event_id, e.type, e.recorded_at, e.request_id, e.actor, e.fingerprint,
                   e.data, e.hash
              from event e join unnest(?::text[], ?::uuid[]) as probe (ledger, id)
            """;
    private static final String FIND = SELECT + " on e.ledger = probe.ledger and e.event_id = probe.id union all "
            + SELECT + " on e.ledger = probe.ledger and e.transaction_id = probe.id union all "
            + SELECT.replace("?::uuid[]", "?::text[]") + " on e.ledger = probe.ledger and e.reference = probe.id";

    private final Map<LedgerId, OfLedger> ledgers = new HashMap<>();

    /** Looks up all probes; no round trip is made if there is nothing to look for. */
    public static JournalHistory find(JdbcTemplate eventStore, List<Probe> probes) {
        Column eventIds = new Column();
        Column transactionIds = new Column();
        Column references = new Column();
        for (Probe probe : probes) {
            eventIds.add(probe.ledger(), probe.eventId());
            // A transaction's id is its event's id unless the client chose it.
            eventIds.add(probe.ledger(), probe.transactionId());
            transactionIds.add(probe.ledger(), probe.transactionId());
            references.add(probe.ledger(), probe.reference());
        }
        JournalHistory history = new JournalHistory();
        if (eventIds.isEmpty() && references.isEmpty()) {
            return history;
        }
        eventStore.query(
                connection -> {
                    var statement = connection.prepareStatement(FIND);
                    statement.setArray(1, connection.createArrayOf("text", eventIds.ledgers()));
                    statement.setArray(2, connection.createArrayOf("uuid", eventIds.values()));
                    statement.setArray(3, connection.createArrayOf("text", transactionIds.ledgers()));
                    statement.setArray(4, connection.createArrayOf("uuid", transactionIds.values()));
                    statement.setArray(5, connection.createArrayOf("text", references.ledgers()));
                    statement.setArray(6, connection.createArrayOf("text", references.values()));
                    return statement;
                },
                row -> {
                    RecordedEvent event = new RecordedEvent(
                            new LedgerId(row.getString("ledger")),
                            row.getLong("sequence"),
                            row.getObject("event_id", UUID.class),
                            row.getTimestamp("recorded_at").toInstant(),
                            row.getString("request_id"),
                            row.getString("actor"),
                            HexFormat.of().formatHex(row.getBytes("hash")),
                            LedgerEventJson.read(row.getString("type"), row.getBytes("data")));
                    history.add(event, row.getString("fingerprint"));
                });
        return history;
    }

    /** The part of one ledger. */
    public History of(LedgerId ledger) {
        return ledgers.computeIfAbsent(ledger, l -> new OfLedger());
    }

    /** Adds an event that the batch has led to, so that later commands of the same batch meet it. */
    public void add(RecordedEvent event, @Nullable String fingerprint) {
        ledgers.computeIfAbsent(event.ledger(), l -> new OfLedger()).add(new History.Entry(event, fingerprint));
    }

    private static final class OfLedger implements History {
        private final Map<UUID, Entry> byEvent = new HashMap<>();
        private final Map<UUID, Entry> byTransaction = new HashMap<>();
        private final Map<String, Entry> byReference = new HashMap<>();

        void add(Entry entry) {
            byEvent.put(entry.event().id(), entry);
            if (entry.event().event() instanceof TransactionPosted posted) {
                byTransaction.put(posted.id(), entry);
                if (posted.reference() != null) {
                    byReference.put(posted.reference(), entry);
                }
            }
        }

        @Override
        public @Nullable Entry event(UUID eventId) {
            return byEvent.get(eventId);
        }

        @Override
        public @Nullable Entry transaction(UUID id) {
            return byTransaction.get(id);
        }

        @Override
        public @Nullable Entry reference(String reference) {
            return byReference.get(reference);
        }
    }

    private static final class Column {
        private final List<String> ledgers = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        void add(LedgerId ledger, @Nullable Object value) {
            if (value != null) {
                ledgers.add(ledger.value());
                values.add(value);
            }
        }

        boolean isEmpty() {
            return values.isEmpty();
        }

        Object[] ledgers() {
            return ledgers.toArray();
        }

        Object[] values() {
            return values.toArray();
        }
    }
}
