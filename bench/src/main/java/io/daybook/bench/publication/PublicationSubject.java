package io.daybook.bench.publication;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.history.SampleHistory;
import io.daybook.bench.measure.Backlog;
import io.daybook.bench.measure.Backlog.Worker;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.measure.SubjectDatabase;
import io.daybook.command.store.JournalEntry;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.EventsInKafka;
import io.daybook.stores.JournalQueries;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/** Publishes what is in an event store, all of it in each round, and to another topic each time. */
final class PublicationSubject implements Subject {

    private static final int CONNECTIONS = 2; // Flyway needs as many
    private static final int ROWS = 1_000;

    private static final String INSERT = """
            insert into event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor, data, hash,
                               chain)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final String name;
    private final int events;
    private final Map<String, String> services;
    private final Function<Map<String, String>, AutoCloseable> publication;
    private final HikariDataSource database;
    private final JdbcTemplate journal;
    private final List<PublicationTopic> topics = new ArrayList<>();

    /**
     * @param publication starts a publication of an event store to the topic of events, given properties of a command side
     */
    PublicationSubject(
            String name,
            int events,
            Map<String, String> services,
            Function<Map<String, String>, AutoCloseable> publication) {
        this.name = name;
        this.events = events;
        this.services = services;
        this.publication = publication;
        this.database =
                SubjectDatabase.open(services, SubjectDatabase.EVENT_STORE, CONNECTIONS, "?reWriteBatchedInserts=true");
        this.journal = new JdbcTemplate(database);
        Flyway.configure()
                .dataSource(database)
                .locations(JournalQueries.MIGRATIONS)
                .load()
                .migrate();
        record(new SampleHistory("bench").next(events));
        journal.update("update journal_head set position = ?", events);
        journal.execute("analyze event");
    }

    private void record(List<JournalEntry> entries) {
        AtomicLong position = new AtomicLong();
        journal.batchUpdate(INSERT, entries, ROWS, (row, entry) -> {
            RecordedEvent event = entry.event();
            row.setLong(1, position.incrementAndGet());
            row.setString(2, event.ledger().value());
            row.setLong(3, event.sequence());
            row.setObject(4, event.id());
            row.setString(5, entry.type());
            row.setTimestamp(6, Timestamp.from(event.recordedAt()));
            row.setString(7, event.requestId());
            row.setString(8, event.actor());
            row.setBytes(9, entry.data());
            row.setBytes(10, HexFormat.of().parseHex(event.hash()));
            row.setInt(11, event.chain());
        });
    }

    @Override
    public String name() {
        return name;
    }

    /** However long it takes: a round is the whole backlog. */
    @Override
    public Measured run(Duration duration) throws Exception {
        Map<String, String> properties = new HashMap<>(services);
        String prefix = services.get("daybook.kafka.topic-prefix") + "-" + topics.size();
        properties.put("daybook.kafka.topic-prefix", prefix);
        PublicationTopic topic =
                new PublicationTopic(services.get("daybook.kafka.bootstrap-servers"), EventsInKafka.topic(prefix));
        topics.add(topic);
        journal.update("delete from token_entry");
        return Backlog.workOff(events, () -> new Publishing(publication.apply(properties), topic));
    }

    private record Publishing(AutoCloseable publication, PublicationTopic topic) implements Worker {

        @Override
        public long done() {
            return topic.size();
        }

        @Override
        public void close() throws Exception {
            publication.close();
        }
    }

    @Override
    public void verify() {
        topics.forEach(topic -> topic.verify(events));
    }

    @Override
    public void close() {
        topics.forEach(PublicationTopic::close);
        database.close();
    }
}
