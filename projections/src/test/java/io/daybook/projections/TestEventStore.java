package io.daybook.projections;

import io.daybook.axon.Tokens;
import io.daybook.events.StoredEvent;
import io.daybook.services.SharedServices;
import io.daybook.stores.JournalQueries;
import java.sql.Timestamp;
import java.util.HexFormat;
import java.util.Set;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The event store as the command side makes and fills it. */
final class TestEventStore implements AutoCloseable {

    private final SingleConnectionDataSource dataSource;
    private final JdbcTemplate jdbc;

    TestEventStore(SharedServices.Isolated services) {
        dataSource = new SingleConnectionDataSource(
                services.get("daybook.event-store.jdbc-url"),
                services.get("daybook.event-store.username"),
                services.get("daybook.event-store.password"),
                true);
        Flyway.configure()
                .dataSource(dataSource)
                .locations(JournalQueries.MIGRATIONS)
                .load()
                .migrate();
        jdbc = new JdbcTemplate(dataSource);
    }

    void append(StoredEvent event) {
        jdbc.update(
                """
                with head as (update journal_head set position = position + 1 returning position)
                insert into event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor, data, hash)
                select position, ?, ?, ?, ?, ?, ?, ?, ?, ? from head
                """,
                event.ledger(),
                event.sequence(),
                event.id(),
                event.type(),
                Timestamp.from(event.recordedAt()),
                event.requestId(),
                event.actor(),
                event.data(),
                HexFormat.of().parseHex(event.hash()));
    }

    /** Has the publication say that it has sent everything. */
    void published() {
        TrackingToken token =
                GapAwareTrackingToken.newInstance(jdbc.queryForObject(JournalQueries.END, Long.class), Set.of());
        jdbc.update("delete from token_entry where processor_name = ?", JournalQueries.PUBLICATION);
        jdbc.update(
                "insert into token_entry (processor_name, segment, token, token_type) values (?, 0, ?, ?)",
                JournalQueries.PUBLICATION,
                Tokens.write(token),
                token.getClass().getName());
    }

    JdbcTemplate jdbc() {
        return jdbc;
    }

    @Override
    public void close() {
        dataSource.destroy();
    }
}
