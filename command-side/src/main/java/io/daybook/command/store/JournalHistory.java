package io.daybook.command.store;

import io.daybook.command.ledger.Decision;
import io.daybook.command.ledger.History;
import io.daybook.command.ledger.PastEvent;
import io.daybook.command.ledger.RememberedCommand;
import io.daybook.events.Envelope;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.events.UpcasterChain;
import io.daybook.messages.LedgerEventJson;
import io.daybook.stores.JournalKeys;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What the journal holds under the identities of one batch of commands: looked up in one round trip before the batch is
 * decided, and added to as the batch goes on.
 */
public final class JournalHistory {

    /**
     * What to look for; what is null is not looked for.
     *
     * @param entityId the id of a transaction or a hold
     * @param subjectId the id of a transaction whose reversal and last change of metadata are looked for
     */
    public record Probe(
            LedgerId ledger,
            @Nullable UUID eventId,
            @Nullable UUID entityId,
            @Nullable UUID subjectId,
            @Nullable String reference) {

        public static Probe event(LedgerId ledger, UUID id) {
            return new Probe(ledger, id, null, null, null);
        }

        public static Probe entity(LedgerId ledger, UUID id) {
            return new Probe(ledger, null, id, null, null);
        }

        /** All that an event which was recorded elsewhere may meet. */
        public static Stream<Probe> of(PastEvent past) {
            LedgerId ledger = past.recorded().ledger();
            JournalEntry entry = JournalEntry.of(past);
            JournalKeys keys = entry.keys();
            Probe own = new Probe(ledger, entry.event().id(), keys.entityId(), null, keys.reference());
            UUID subject = keys.subjectId();
            return subject == null ? Stream.of(own) : Stream.of(own, subject(ledger, subject));
        }

        /** A transaction, and what has been said of it since. */
        public static Probe subject(LedgerId ledger, UUID id) {
            return new Probe(ledger, null, id, id, null);
        }
    }

    private static final String SELECT = """
            select e.ledger, e.sequence, e.event_id, e.type, e.recorded_at, e.request_id, e.actor, e.fingerprint,
                   e.data, e.chain, e.hash, null::uuid as remembered_id, null::bigint as answered_at
              from unnest(?::text[], ?::%s[]) as probe (ledger, id)
            """;
    /**
     * One look into an index for each probe. As a join the planner is free to read the whole journal instead, and does so
     * when its statistics are behind.
     */
    private static final String LOOK_UP = """
             cross join lateral (
                select * from event where ledger = probe.ledger and %s = probe.id limit 1) e
            """;

    private static final String LAST_OF_TYPE = """
             cross join lateral (
                select * from event
                 where ledger = probe.ledger and subject_id = probe.id and type in (%s)
                 order by sequence desc limit 1) e
            """;
    /** With the event that a command was answered with, if it was one. */
    private static final String REMEMBERED = """
            select c.ledger, e.sequence, e.event_id, coalesce(c.type, e.type), e.recorded_at, e.request_id, e.actor,
                   c.fingerprint, coalesce(c.data, e.data), e.chain, e.hash, c.event_id, c.sequence
              from unnest(?::text[], ?::uuid[]) as probe (ledger, id)
             cross join lateral (
                select * from remembered_command where ledger = probe.ledger and event_id = probe.id limit 1) c
              left join lateral (
                select * from event where ledger = c.ledger and event_id = c.standing_id limit 1) e on true
            """;

    static final String FIND = String.join(
            " union all ",
            SELECT.formatted("uuid") + LOOK_UP.formatted("event_id"),
            SELECT.formatted("uuid") + LOOK_UP.formatted("entity_id"),
            SELECT.formatted("text") + LOOK_UP.formatted("reference"),
            SELECT.formatted("uuid") + LAST_OF_TYPE.formatted(names(EventType.TRANSACTION_REVERSED)),
            SELECT.formatted("uuid") + LAST_OF_TYPE.formatted(names(EventType.METADATA_CHANGED)),
            REMEMBERED);

    private final Map<LedgerId, Part> parts = new HashMap<>();
    private final Map<LedgerId, OfLedger> ledgers = new HashMap<>();

    /** The parts of batches that were perhaps not in the journal yet when it was asked; theirs only, lest all be kept. */
    private final List<Map<LedgerId, Part>> before;

    private JournalHistory(List<JournalHistory> before) {
        this.before = before.stream().map(earlier -> earlier.parts).toList();
    }

    /** Every name under which events of this kind may be stored, for SQL. */
    private static String names(EventType type) {
        return UpcasterChain.ofDaybook().namesOf(type).stream().collect(Collectors.joining("', '", "'", "'"));
    }

    /**
     * Whether one of these ledgers has come further than it is known.
     *
     * @param sequences of the last event that is known of each
     */
    public static boolean isBeyond(JdbcTemplate eventStore, String[] ledgers, Long[] sequences) {
        return Boolean.TRUE.equals(eventStore.queryForObject(
                "select exists (select from unnest(?::text[], ?::bigint[]) as known (ledger, sequence)"
                        + " where exists (select from event where event.ledger = known.ledger"
                        + " and event.sequence = known.sequence + 1))",
                Boolean.class,
                ledgers,
                sequences));
    }

    /**
     * Looks up all probes; no round trip is made if there is nothing to look for.
     *
     * @param before those of batches that were decided before this one, and were perhaps not in the journal yet before this
     *     was called
     */
    public static JournalHistory find(JdbcTemplate eventStore, List<Probe> probes, List<JournalHistory> before) {
        Column eventIds = new Column("uuid");
        Column entityIds = new Column("uuid");
        Column references = new Column("text");
        Column subjectIds = new Column("uuid");
        Column keys = new Column("uuid");
        for (Probe probe : probes) {
            eventIds.add(probe.ledger(), probe.eventId());
            keys.add(probe.ledger(), probe.eventId());
            // The id of a transaction or a hold is its event's id unless the client chose it.
            eventIds.add(probe.ledger(), probe.entityId());
            entityIds.add(probe.ledger(), probe.entityId());
            references.add(probe.ledger(), probe.reference());
            subjectIds.add(probe.ledger(), probe.subjectId());
        }
        JournalHistory history = new JournalHistory(before);
        List<Column> columns = List.of(eventIds, entityIds, references, subjectIds, subjectIds, keys);
        if (columns.stream().allMatch(Column::isEmpty)) {
            return history;
        }
        eventStore.query(
                connection -> {
                    PreparedStatement statement = connection.prepareStatement(FIND);
                    int parameter = 1;
                    for (Column column : columns) {
                        statement.setArray(parameter++, connection.createArrayOf("text", column.ledgers()));
                        statement.setArray(parameter++, connection.createArrayOf(column.type, column.values()));
                    }
                    return statement;
                },
                row -> {
                    UUID remembered = row.getObject("remembered_id", UUID.class);
                    if (remembered == null) {
                        history.add(event(row), row.getString("fingerprint"));
                    } else {
                        history.add(new RememberedCommand(
                                new LedgerId(row.getString("ledger")),
                                remembered,
                                row.getString("fingerprint"),
                                row.getLong("answered_at"),
                                answer(row)));
                    }
                });
        return history;
    }

    private static Decision.@Nullable Standing answer(ResultSet row) throws SQLException {
        if (row.getObject("event_id") != null) {
            return new Decision.Repeated(event(row));
        }
        String type = row.getString("type");
        return type == null ? null : new Decision.Unchanged(LedgerEventJson.read(type, row.getBytes("data")));
    }

    private static RecordedEvent event(ResultSet row) throws SQLException {
        return new RecordedEvent(
                new LedgerId(row.getString("ledger")),
                new Envelope(
                        row.getLong("sequence"),
                        row.getObject("event_id", UUID.class),
                        row.getTimestamp("recorded_at").toInstant(),
                        row.getString("request_id"),
                        row.getString("actor"),
                        row.getInt("chain"),
                        HexFormat.of().formatHex(row.getBytes("hash"))),
                LedgerEventJson.read(row.getString("type"), row.getBytes("data")));
    }

    /**
     * The part of one ledger.
     *
     * @param head where its journal ends by now
     */
    public History of(LedgerId ledger, History.Head head) {
        OfLedger history = ledgers.get(ledger);
        if (history == null) {
            List<Part> all = new ArrayList<>(before.size() + 1);
            all.add(part(ledger));
            before.forEach(earlier -> {
                if (earlier.containsKey(ledger)) {
                    all.add(earlier.get(ledger));
                }
            });
            history = new OfLedger(all);
            ledgers.put(ledger, history);
        }
        history.head = head;
        return history;
    }

    /** Adds an event that the batch has led to, so that later commands of the same batch, and later batches, meet it. */
    public void add(RecordedEvent event, @Nullable String fingerprint) {
        part(event.ledger()).add(new History.Entry(event, fingerprint));
    }

    /** Adds what is remembered of a command of the batch. */
    public void add(RememberedCommand command) {
        part(command.ledger()).remembered.put(command.eventId(), command);
    }

    private Part part(LedgerId ledger) {
        return parts.computeIfAbsent(ledger, l -> new Part());
    }

    /** What was found or added by one batch. */
    private static final class Part {
        private final Map<UUID, History.Entry> byEvent = new HashMap<>();

        /** But for those whose id is the event's. */
        private final Map<UUID, History.Entry> byEntity = new HashMap<>();

        private final Map<UUID, History.Entry> reversals = new HashMap<>();
        private final Map<UUID, History.Entry> metadata = new HashMap<>();
        private final Map<String, History.Entry> byReference = new HashMap<>();
        private final Map<UUID, RememberedCommand> remembered = new HashMap<>();

        void add(History.Entry entry) {
            UUID eventId = entry.event().id();
            byEvent.put(eventId, entry);
            switch (entry.event().event()) {
                case Transaction transaction -> {
                    if (!transaction.id().equals(eventId)) {
                        byEntity.put(transaction.id(), entry);
                    }
                    if (transaction.reference() != null) {
                        byReference.put(transaction.reference(), entry);
                    }
                    if (transaction.reverses() != null) {
                        reversals.put(transaction.reverses(), entry);
                    }
                }
                case HoldPlaced hold -> {
                    if (!hold.id().equals(eventId)) {
                        byEntity.put(hold.id(), entry);
                    }
                }
                case MetadataChanged changed
                when changed.transaction() != null -> metadata.put(changed.transaction(), entry);
                default -> {}
            }
        }

        private History.@Nullable Entry entity(UUID id) {
            History.Entry entry = byEntity.get(id);
            return entry == null && byEvent.get(id) instanceof History.Entry own && isEntity(own, id) ? own : entry;
        }

        private static boolean isEntity(History.Entry entry, UUID id) {
            return switch (entry.event().event()) {
                case Transaction transaction -> transaction.id().equals(id);
                case HoldPlaced hold -> hold.id().equals(id);
                default -> false;
            };
        }
    }

    private static final class OfLedger implements History {
        private final List<Part> parts;
        private Head head = Head.none();

        OfLedger(List<Part> parts) {
            this.parts = parts;
        }

        /** Of what several batches have met under a key, the last counts. */
        private <K> @Nullable Entry last(BiFunction<Part, K, @Nullable Entry> find, K key) {
            Entry last = null;
            for (Part part : parts) {
                Entry found = find.apply(part, key);
                if (found != null
                        && (last == null
                                || found.event().sequence() > last.event().sequence())) {
                    last = found;
                }
            }
            return last;
        }

        @Override
        public Head head() {
            return head;
        }

        @Override
        public @Nullable Entry event(UUID eventId) {
            return last((part, id) -> part.byEvent.get(id), eventId);
        }

        @Override
        public @Nullable RememberedCommand remembered(UUID eventId) {
            for (Part part : parts) {
                RememberedCommand found = part.remembered.get(eventId);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        @Override
        public @Nullable Entry entity(UUID id) {
            return last(Part::entity, id);
        }

        @Override
        public @Nullable Entry reversal(UUID transaction) {
            return last((part, id) -> part.reversals.get(id), transaction);
        }

        @Override
        public @Nullable Entry metadata(UUID transaction) {
            return last((part, id) -> part.metadata.get(id), transaction);
        }

        @Override
        public @Nullable Entry reference(String reference) {
            return last((part, name) -> part.byReference.get(name), reference);
        }
    }

    private static final class Column {
        private final String type;
        private final List<String> ledgers = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        Column(String type) {
            this.type = type;
        }

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
