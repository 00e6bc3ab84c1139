package io.daybook.projections.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.settings.DatabaseProperties;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.JournalRows;
import io.daybook.stores.StoredTokens;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The journal in the event store, which is read and never written here. Projections live without it: it is asked by
 * replays and by the guard, and connected to when it is asked.
 */
public final class Journal implements AutoCloseable {

    private final @Nullable HikariDataSource pool;
    private final ProjectionsProperties.Journal settings;

    private Journal(@Nullable HikariDataSource pool, ProjectionsProperties.Journal settings) {
        this.pool = pool;
        this.settings = settings;
    }

    /**
     * @param eventStore without a URL if this process does not know where it is
     */
    static Journal at(DatabaseProperties eventStore, ProjectionsProperties.Journal settings) {
        if (eventStore.jdbcUrl().isEmpty()) {
            return new Journal(null, settings);
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("journal");
        config.setJdbcUrl(eventStore.jdbcUrl());
        config.setUsername(eventStore.username());
        config.setPassword(eventStore.password());
        config.setReadOnly(true);
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(0);
        config.setIdleTimeout(settings.idleTimeout().toMillis());
        config.setConnectionTimeout(settings.connectionTimeout().toMillis());
        // Projections start, and work, without it.
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "daybook-projections");
        return new Journal(new HikariDataSource(config), settings);
    }

    /** How it is read. */
    ProjectionsProperties.Journal settings() {
        return settings;
    }

    /** Whether this process knows where it is. */
    public boolean isKnown() {
        return pool != null;
    }

    /** The next events of a ledger after a sequence, in their order. */
    public List<StoredEvent> events(LedgerId ledger, long after, int atMost) {
        return jdbc().query(
                        "select " + JournalRows.COLUMNS
                                + " from event where ledger = ? and sequence > ? order by sequence limit ?",
                        (row, number) -> JournalRows.event(row),
                        ledger.value(),
                        after,
                        atMost);
    }

    /**
     * An event with its place in the whole journal.
     *
     * @param position from 1, without gaps
     */
    record Entry(long position, StoredEvent event) {}

    /** The next events after a position, in their order. */
    List<Entry> following(long position, int atMost) {
        return jdbc().query(
                        "select " + JournalRows.COLUMNS + " from event where position > ? order by position limit ?",
                        (row, number) -> new Entry(JournalRows.position(row), JournalRows.event(row)),
                        position,
                        atMost);
    }

    /** The sequence of each ledger's last event. It takes two looks into an index for each, not a read of the journal. */
    public Map<LedgerId, Long> heads() {
        return headsAfter("", Integer.MAX_VALUE);
    }

    /**
     * What was appended to a ledger in a part of the journal.
     *
     * @param first the sequence of the first event of it
     * @param last the sequence of the last one
     * @param position where the last one is in the whole journal
     */
    public record Change(LedgerId ledger, long first, long last, long position) {}

    /** What was appended after one position, up to another. */
    public List<Change> changes(long after, long upTo) {
        return jdbc().query(
                        """
                        select ledger, min(sequence) as first, max(sequence) as last, max(position) as position
                          from event where position > ? and position <= ? group by ledger
                        """,
                        (row, number) -> new Change(
                                new LedgerId(row.getString("ledger")),
                                row.getLong("first"),
                                row.getLong("last"),
                                row.getLong("position")),
                        after,
                        upTo);
    }

    /**
     * The sequence of the last event of each of the ledgers that follow one, in their order.
     *
     * @param after a ledger's name, or nothing for the first ones
     */
    public SortedMap<LedgerId, Long> headsAfter(String after, int atMost) {
        SortedMap<LedgerId, Long> heads = new TreeMap<>(Comparator.comparing(LedgerId::value));
        jdbc().query(
                        """
                        with recursive next as (
                            (select ledger from event where ledger > ? order by ledger limit 1)
                            union all
                            select (select event.ledger from event where event.ledger > next.ledger
                                     order by event.ledger limit 1)
                              from next where next.ledger is not null
                        )
                        select ledger, (select max(sequence) from event where event.ledger = next.ledger) as last
                          from next where ledger is not null limit ?
                        """,
                        row -> {
                            heads.put(new LedgerId(row.getString("ledger")), row.getLong("last"));
                        },
                        after,
                        atMost);
        return heads;
    }

    /** The position of the last event that was published, by whichever node does that; 0 if none was. */
    public long published() {
        return jdbc()
                .query(
                        JournalQueries.PUBLISHED,
                        (row, number) -> StoredTokens.position(row.getBytes(1), row.getString(2)))
                .stream()
                .findFirst()
                .orElse(0L);
    }

    /** Where the journal ends: the position of its last event. */
    public long head() {
        return jdbc().queryForObject(JournalQueries.END, Long.class);
    }

    /** The sequence of a ledger's last event; 0 if it has none. */
    public long last(LedgerId ledger) {
        return jdbc().queryForObject(JournalQueries.LAST_OF_LEDGER, Long.class, ledger.value());
    }

    /**
     * Of each ledger that has events since a time, the sequence of the first of them.
     *
     * @param only this ledger; null for all
     */
    public SortedMap<LedgerId, Long> firstSince(Instant time, @Nullable LedgerId only) {
        SortedMap<LedgerId, Long> firsts = new TreeMap<>(Comparator.comparing(LedgerId::value));
        jdbc().query(
                        """
                        select ledger, min(sequence) as first from event
                         where recorded_at >= ? and (?::text is null or ledger = ?) group by ledger
                        """,
                        row -> {
                            firsts.put(new LedgerId(row.getString("ledger")), row.getLong("first"));
                        },
                        OffsetDateTime.ofInstant(time, ZoneOffset.UTC),
                        only == null ? null : only.value(),
                        only == null ? null : only.value());
        return firsts;
    }

    private JdbcTemplate jdbc() {
        if (pool == null) {
            throw new UnknownException();
        }
        return new JdbcTemplate(pool);
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }

    /** This process cannot read the event store. */
    public static final class UnknownException extends IllegalStateException {
        public UnknownException() {
            super("where the event store is is not known to the process that runs the projections: set"
                    + " daybook.event-store.jdbc-url, .username and .password there, or replay from Kafka");
        }
    }
}
