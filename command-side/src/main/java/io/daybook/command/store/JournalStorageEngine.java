package io.daybook.command.store;

import static io.daybook.events.RecordedEvent.FIRST_SEQUENCE;

import io.daybook.axon.AxonEvents;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.JournalRows;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Axon's JDBC engine on the table {@code event}, but for appending: that is the {@link JournalAppender}'s, when the unit of
 * work has committed. Global positions have no gaps, so tracking tokens never carry any.
 *
 * <p>Axon counts the events of an aggregate from 0, a journal counts from {@value RecordedEvent#FIRST_SEQUENCE}: the
 * difference is made here and nowhere else on this side.
 */
public final class JournalStorageEngine extends JdbcEventStorageEngine {

    /** How many events are fetched at once. */
    private static final int FETCH_SIZE = 2_000;

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
                        .createHeadToken((connection, schema) -> connection.prepareStatement(JournalQueries.END))
                        .createTokenAt((connection, schema, time) -> {
                            PreparedStatement statement = connection.prepareStatement(
                                    "select min(position) - 1 from event where recorded_at >= ?");
                            statement.setTimestamp(1, Timestamp.from(time));
                            return statement;
                        }),
                snapshots);
    }

    /** Adds the events to what the unit of work gives to the journal when it commits. */
    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        JournalAppend append = JournalAppend.of(CurrentUnitOfWork.get().root());
        if (append == null) {
            throw new IllegalStateException(
                    "events are appended in a unit of work that began to append to the journal");
        }
        append.add(events.stream().map(JournalEntry::of).toList());
    }

    /** The snapshot as an event with the sequence of the last event it holds; the payload is a {@link Snapshot}. */
    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String ledger) {
        return snapshots
                .read(new LedgerId(ledger))
                .map(snapshot -> new GenericDomainEventMessage<>(
                        AxonEvents.AGGREGATE_TYPE, ledger, AxonEvents.sequence(snapshot.sequence()), snapshot));
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
                .and(RecordedEvent.Metadata.CHAIN, row.getString("chain"))
                .and(RecordedEvent.Metadata.HASH, HexFormat.of().formatHex(row.getBytes("hash")));
        return new GenericDomainEventEntry<>(
                AxonEvents.AGGREGATE_TYPE,
                row.getString("ledger"),
                AxonEvents.sequence(row.getLong("sequence")),
                row.getObject("event_id", UUID.class).toString(),
                // As text: a time is cut to milliseconds by Axon, and the hash is over microseconds.
                row.getTimestamp("recorded_at").toInstant().toString(),
                row.getString("type"),
                null,
                row.getBytes("data"),
                getEventSerializer().serialize(metaData, byte[].class).getData());
    }
}
