package io.daybook.command.store;

import static io.daybook.events.RecordedEvent.FIRST_SEQUENCE;

import io.daybook.axon.JournalRows;
import io.daybook.axon.StoredEvent;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Axon's JDBC engine on the table {@code event}. A batch is appended by one statement in one round trip, which also moves
 * the journal's head; so global positions have no gaps, and tracking tokens never carry any.
 *
 * <p>Axon counts the events of an aggregate from 0, a journal counts from {@value RecordedEvent#FIRST_SEQUENCE}: the
 * difference is made here and nowhere else on this side.
 */
public final class JournalStorageEngine extends JdbcEventStorageEngine {

    /** How many events are fetched at once. */
    private static final int FETCH_SIZE = 2_000;

    private static final String APPEND = """
            with head as (
                update journal_head set position = position + ? returning position - ? as before
            )
            insert into event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor,
                               fingerprint, entity_id, subject_id, reference, data, hash)
            select head.before + row.ordinality, row.ledger, row.sequence, row.event_id, row.type, row.recorded_at,
                   row.request_id, row.actor, row.fingerprint, row.entity_id, row.subject_id, row.reference, row.data, row.hash
              from head,
                   unnest(?::text[], ?::bigint[], ?::uuid[], ?::text[], ?::timestamptz[], ?::text[], ?::text[],
                          ?::text[], ?::uuid[], ?::uuid[], ?::text[], ?::bytea[], ?::bytea[])
                   with ordinality
                   as row (ledger, sequence, event_id, type, recorded_at, request_id, actor,
                           fingerprint, entity_id, subject_id, reference, data, hash, ordinality)
            """;

    private final SnapshotStore snapshots;

    private JournalStorageEngine(Builder builder, SnapshotStore snapshots) {
        super(builder);
        this.snapshots = snapshots;
    }

    public static JournalStorageEngine create(
            ConnectionProvider connections,
            TransactionManager transactions,
            PersistenceExceptionResolver exceptions,
            Serializer serializer,
            SnapshotStore snapshots) {
        return new JournalStorageEngine(
                JdbcEventStorageEngine.builder()
                        .connectionProvider(connections)
                        .transactionManager(transactions)
                        .persistenceExceptionResolver(exceptions)
                        .eventSerializer(serializer)
                        .snapshotSerializer(serializer)
                        .batchSize(FETCH_SIZE)
                        .extendedGapCheckEnabled(false)
                        .appendEvents(
                                (connection, schema, dataType, events, s, timestamps) -> append(connection, events))
                        .readEventDataForAggregate((connection, schema, ledger, first, size) -> {
                            PreparedStatement statement = connection.prepareStatement("select " + JournalRows.COLUMNS
                                    + " from event where ledger = ? and sequence >= ? order by sequence limit ?");
                            statement.setString(1, ledger);
                            statement.setLong(2, first + FIRST_SEQUENCE);
                            statement.setInt(3, size);
                            return statement;
                        })
                        .readEventDataWithoutGaps((connection, schema, position, size) -> {
                            PreparedStatement statement = connection.prepareStatement("select " + JournalRows.COLUMNS
                                    + " from event where position > ? order by position limit ?");
                            statement.setLong(1, position);
                            statement.setInt(2, size);
                            return statement;
                        })
                        .lastSequenceNumberFor((connection, schema, ledger) -> {
                            PreparedStatement statement = connection.prepareStatement(
                                    "select max(sequence) - " + FIRST_SEQUENCE + " from event where ledger = ?");
                            statement.setString(1, ledger);
                            return statement;
                        })
                        .createTailToken((connection, schema) -> connection.prepareStatement("select 0::bigint"))
                        .createHeadToken((connection, schema) ->
                                connection.prepareStatement("select position from journal_head"))
                        .createTokenAt((connection, schema, time) -> {
                            PreparedStatement statement = connection.prepareStatement(
                                    "select min(position) - 1 from event where recorded_at >= ?");
                            statement.setTimestamp(1, Timestamp.from(time));
                            return statement;
                        }),
                snapshots);
    }

    private static PreparedStatement append(Connection connection, List<? extends EventMessage<?>> events)
            throws SQLException {
        List<JournalEntry> entries = events.stream().map(JournalEntry::of).toList();
        HoldDeadlines.note(connection, entries);
        PreparedStatement statement = connection.prepareStatement(APPEND);
        int parameter = 1;
        statement.setLong(parameter++, entries.size());
        statement.setLong(parameter++, entries.size());
        set(statement, parameter++, "text", entries, String[]::new, e -> e.event()
                .ledger()
                .value());
        set(statement, parameter++, "bigint", entries, Long[]::new, e -> e.event()
                .sequence());
        set(statement, parameter++, "uuid", entries, UUID[]::new, e -> e.event().id());
        set(statement, parameter++, "text", entries, String[]::new, JournalEntry::type);
        set(statement, parameter++, "text", entries, String[]::new, e -> e.event()
                .recordedAt()
                .toString());
        set(statement, parameter++, "text", entries, String[]::new, e -> e.event()
                .requestId());
        set(statement, parameter++, "text", entries, String[]::new, e -> e.event()
                .actor());
        set(statement, parameter++, "text", entries, String[]::new, JournalEntry::fingerprint);
        set(statement, parameter++, "uuid", entries, UUID[]::new, JournalEntry::entityId);
        set(statement, parameter++, "uuid", entries, UUID[]::new, JournalEntry::subjectId);
        set(statement, parameter++, "text", entries, String[]::new, JournalEntry::reference);
        set(statement, parameter++, "bytea", entries, byte[][]::new, JournalEntry::data);
        set(statement, parameter, "bytea", entries, byte[][]::new, e -> HexFormat.of()
                .parseHex(e.event().hash()));
        statement.addBatch();
        return statement;
    }

    private static void set(
            PreparedStatement statement,
            int parameter,
            String type,
            List<JournalEntry> entries,
            IntFunction<Object[]> array,
            Function<JournalEntry, @Nullable Object> value)
            throws SQLException {
        Object[] column = array.apply(entries.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(entries.get(i));
        }
        statement.setArray(parameter, statement.getConnection().createArrayOf(type, column));
    }

    /** The snapshot as an event with the sequence of the last event it holds; the payload is a {@link Snapshot}. */
    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String ledger) {
        return snapshots
                .read(new LedgerId(ledger))
                .map(snapshot -> new GenericDomainEventMessage<>(
                        StoredEvent.AGGREGATE_TYPE, ledger, StoredEvent.axonSequence(snapshot.sequence()), snapshot));
    }

    @Override
    protected TrackedEventData<?> getTrackedEventData(ResultSet row, @Nullable GapAwareTrackingToken previous)
            throws SQLException {
        return new TrackedDomainEventData<>(
                GapAwareTrackingToken.newInstance(row.getLong("position"), Set.of()), eventData(row));
    }

    @Override
    protected DomainEventData<?> getDomainEventData(ResultSet row) throws SQLException {
        return eventData(row);
    }

    private GenericDomainEventEntry<byte[]> eventData(ResultSet row) throws SQLException {
        MetaData metaData = MetaData.with(RecordedEvent.Metadata.REQUEST_ID, row.getString("request_id"))
                .and(RecordedEvent.Metadata.ACTOR, row.getString("actor"))
                .and(RecordedEvent.Metadata.HASH, HexFormat.of().formatHex(row.getBytes("hash")));
        return new GenericDomainEventEntry<>(
                StoredEvent.AGGREGATE_TYPE,
                row.getString("ledger"),
                StoredEvent.axonSequence(row.getLong("sequence")),
                row.getObject("event_id", UUID.class).toString(),
                // As text: a time is cut to milliseconds by Axon, and the hash is over microseconds.
                row.getTimestamp("recorded_at").toInstant().toString(),
                row.getString("type"),
                null,
                row.getBytes("data"),
                getEventSerializer().serialize(metaData, byte[].class).getData());
    }
}
