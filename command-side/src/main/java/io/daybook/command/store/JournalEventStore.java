package io.daybook.command.store;

import java.sql.SQLException;
import java.time.Duration;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** Axon's embedded event store, but for the streams that follow it: they give events as they are stored. */
public final class JournalEventStore extends EmbeddedEventStore {

    private final JdbcTemplate journal;
    private final JournalTail tail;

    JournalEventStore(JournalStorageEngine engine, JdbcTemplate journal, JournalTail tail) {
        super(EmbeddedEventStore.builder().storageEngine(engine));
        this.journal = journal;
        this.tail = tail;
    }

    /** For one reader. The payload of each event is a {@link io.daybook.events.StoredEvent}. */
    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken token) {
        return new JournalStream(journal, tail, token);
    }

    /**
     * Whether it can be asked at the moment.
     *
     * @param patience how long its answer is waited for, in whole seconds
     * @throws DataAccessException if it cannot
     */
    public void requireAnswer(Duration patience) {
        journal.execute((ConnectionCallback<?>) connection -> {
            if (!connection.isValid((int) patience.toSeconds())) {
                throw new SQLException("the connection does not answer");
            }
            return null;
        });
    }
}
