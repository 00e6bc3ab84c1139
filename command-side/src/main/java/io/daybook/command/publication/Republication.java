package io.daybook.command.publication;

import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.stores.JournalQueries;
import io.daybook.stores.JournalRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Fills the topic of events again from the journal, as table {@code republication} asks for. First the topic is emptied, so
 * that whoever reads it from the beginning finds each ledger from its first event on, without a gap; then everything that was
 * published is sent again. Offsets go on, so that whoever was in the middle reads it all again, and recognises it.
 *
 * <p>It has the publication's token meanwhile, so that nothing else is published here or on another node.
 */
final class Republication {

    private static final Logger LOG = LoggerFactory.getLogger(Republication.class);

    private final JdbcTemplate journal;
    private final TransactionTemplate transactions;
    private final TokenStore tokens;
    private final Supplier<OrderedProducer> producers;
    private final EventTopic topic;
    private final int batchSize;

    /**
     * @param batchSize how many events are sent before their acknowledgements are awaited
     */
    Republication(
            JdbcTemplate journal,
            TransactionTemplate transactions,
            TokenStore tokens,
            Supplier<OrderedProducer> producers,
            EventTopic topic,
            int batchSize) {
        this.journal = journal;
        this.transactions = transactions;
        this.tokens = tokens;
        this.producers = producers;
        this.topic = topic;
        this.batchSize = batchSize;
    }

    /**
     * What is asked for.
     *
     * @param position up to here all is in Kafka again, of what must be up to {@code last}
     */
    private record Row(@Nullable String ledger, boolean force, boolean begun, long position, long last) {}

    /** Whether there is something to do, or to wait for, before the publication can go on. */
    boolean isInTheWay() {
        return journal.queryForObject(
                "select exists (select from republication"
                        + " where state in ('wanted', 'running') or state = 'paused' and last > 0)",
                Boolean.class);
    }

    private Optional<Row> read() {
        return Optional.ofNullable(DataAccessUtils.singleResult(journal.query(
                "select ledger, force, state, position, last from republication where state in ('wanted', 'running')",
                (row, number) -> new Row(
                        row.getString("ledger"),
                        row.getBoolean("force"),
                        row.getString("state").equals("running"),
                        row.getLong("position"),
                        row.getLong("last")))));
    }

    /**
     * Does what is asked for, while the publication does not run here.
     *
     * @throws UnableToClaimTokenException if it runs on another node
     */
    void run() throws ExecutionException, InterruptedException {
        long published = claim();
        try {
            Row row = read().orElse(null);
            if (row == null) {
                return;
            }
            topic.declare();
            Integer only = row.ledger() == null ? null : topic.partition(new LedgerId(row.ledger()));
            if (!row.begun()) {
                row = begin(row, only, published);
            }
            if (row != null) {
                send(row, only);
            }
        } finally {
            transactions.executeWithoutResult(
                    transaction -> tokens.releaseClaim(PublicationConfiguration.PROCESSOR, 0));
        }
    }

    /** Takes the publication's token; how far it is. */
    private long claim() {
        return transactions.execute(transaction -> {
            if (tokens.fetchSegments(PublicationConfiguration.PROCESSOR).length == 0) {
                tokens.initializeTokenSegments(PublicationConfiguration.PROCESSOR, 1);
            }
            TrackingToken token = tokens.fetchToken(PublicationConfiguration.PROCESSOR, 0);
            return token == null ? 0L : token.position().orElse(0);
        });
    }

    /** Null if it must not be. */
    private @Nullable Row begin(Row row, @Nullable Integer only, long published)
            throws ExecutionException, InterruptedException {
        if (!row.force()) {
            for (StoredEvent last : topic.lastEvents(only)) {
                if (!isInJournal(last)) {
                    fail("Kafka has event " + last.sequence() + " of ledger " + last.ledger()
                            + ", and the event store has not: it would be lost. './daybook verify' tells what differs;"
                            + " --force empties the topic nevertheless");
                    return null;
                }
            }
        }
        topic.empty(only);
        journal.update(
                "update republication set state = case state when 'paused' then state else 'running' end, position = 0,"
                        + " last = ?, detail = null, updated_at = now()",
                published);
        LOG.info("{} was emptied, and is filled again from the journal", topic);
        return new Row(row.ledger(), row.force(), true, 0, published);
    }

    private boolean isInJournal(StoredEvent event) {
        return !journal.queryForList(JournalQueries.POSITION_OF_EVENT, event.ledger(), event.sequence(), event.hash())
                .isEmpty();
    }

    private void send(Row row, @Nullable Integer only) throws ExecutionException, InterruptedException {
        long position = row.position();
        long beganNanos = System.nanoTime();
        try (OrderedProducer producer = producers.get()) {
            boolean goesOn = true;
            while (goesOn && position < row.last()) {
                position = sendBatch(producer, position, row.last(), only);
                double seconds = (System.nanoTime() - beganNanos) / 1e9;
                goesOn = reached(position, (position - row.position()) / seconds);
                transactions.executeWithoutResult(
                        transaction -> tokens.extendClaim(PublicationConfiguration.PROCESSOR, 0));
            }
        }
        int done = journal.update("update republication set state = 'done', detail = 'filled again', updated_at = now()"
                + " where state = 'running'");
        LOG.info("{} {}", topic, done == 1 ? "was filled again" : "is not filled further for now");
    }

    /**
     * Notes how far it is.
     *
     * @param rate events a second
     * @return whether it goes on: somebody may have paused it
     */
    private boolean reached(long position, double rate) {
        return "running"
                .equals(journal.queryForObject(
                        "update republication set position = ?, rate = round(?::numeric, 1), updated_at = now() returning state",
                        String.class,
                        position,
                        rate));
    }

    /** The position of the last event that is in Kafka then. */
    private long sendBatch(OrderedProducer producer, long after, long last, @Nullable Integer only)
            throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        long[] reached = {last};
        List<StoredEvent> events = journal.query(
                "select " + JournalRows.COLUMNS + " from event where position > ? and position <= ?"
                        + " order by position limit " + batchSize,
                (row, number) -> {
                    reached[0] = JournalRows.position(row);
                    return JournalRows.event(row);
                },
                after,
                last);
        for (StoredEvent event : events) {
            if (only == null || topic.partition(new LedgerId(event.ledger())) == only) {
                sent.add(producer.send(EventMessages.message(event, topic.name())));
            }
        }
        for (Future<RecordMetadata> acknowledgement : sent) {
            acknowledgement.get();
        }
        return reached[0];
    }

    private void fail(String detail) {
        LOG.error("{} is not filled again: {}", topic, detail);
        journal.update("update republication set state = 'failed', detail = ?, updated_at = now()", detail);
    }
}
