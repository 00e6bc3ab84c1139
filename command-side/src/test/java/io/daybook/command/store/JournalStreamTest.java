package io.daybook.command.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.ledger.History;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class JournalStreamTest {

    private final TestJournal store = new TestJournal();
    private final JdbcTemplate journal = store.jdbc();
    private final JournalTail tail = new JournalTail(30);
    private final JournalTail ofAnotherProcess = new JournalTail();
    private JournalAppender appender;
    private JournalAppender another;

    @BeforeEach
    void start() {
        appender = new JournalAppender(store.database(), tail, 8_192, Duration.ofSeconds(20));
        another = new JournalAppender(store.database(), ofAnotherProcess, 8_192, Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        appender.close();
        another.close();
        store.close();
    }

    private static void append(JournalAppender to, String ledger, long first, long last) throws Exception {
        UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(new GenericMessage<>("a batch"));
        JournalAppend append = to.begin(unit, List.of());
        append.add(LongStream.rangeClosed(first, last)
                .mapToObj(sequence -> JournalEntry.following(
                        History.Head.none().hash(),
                        new LedgerId(ledger),
                        sequence,
                        UUID.randomUUID(),
                        Instant.now().truncatedTo(ChronoUnit.MICROS),
                        "request",
                        "actor",
                        new LedgerOpened(null, Map.of("n", Long.toString(sequence))),
                        null))
                .toList());
        unit.commit();
        append.durable().get(10, TimeUnit.SECONDS);
    }

    private static List<TrackedEventMessage<?>> take(JournalStream stream, int events) throws InterruptedException {
        List<TrackedEventMessage<?>> taken = new ArrayList<>();
        while (taken.size() < events && stream.hasNextAvailable(10, TimeUnit.SECONDS)) {
            taken.add(stream.nextAvailable());
        }
        return taken;
    }

    private JournalStream stream(JournalTail of, @Nullable Long position) {
        TrackingToken token = position == null ? null : GapAwareTrackingToken.newInstance(position, List.of());
        return new JournalStream(journal, of, token, 7);
    }

    private static void assertSame(List<TrackedEventMessage<?>> events, List<TrackedEventMessage<?>> others) {
        assertThat(events.stream().map(TrackedEventMessage::trackingToken))
                .containsExactlyElementsOf(
                        others.stream().map(TrackedEventMessage::trackingToken).toList());
        assertThat(events.stream().map(TrackedEventMessage::getPayload).toList())
                .usingRecursiveComparison()
                .isEqualTo(others.stream().map(TrackedEventMessage::getPayload).toList());
    }

    @Test
    void what_is_in_memory_is_what_is_in_the_store() throws Exception {
        append(appender, "acme", 1, 5);
        append(appender, "other", 1, 3);
        append(appender, "acme", 6, 6);

        List<TrackedEventMessage<?>> stored = take(stream(new JournalTail(), null), 9);
        assertThat(stored).hasSize(9);
        assertSame(take(stream(tail, null), 9), stored);
        assertSame(take(stream(tail, 4L), 5), stored.subList(4, 9));
        assertSame(take(stream(tail, 5L), 4), stored.subList(5, 9));
    }

    @Test
    void it_is_read_from_memory() throws Exception {
        append(appender, "acme", 1, 5);
        journal.update("truncate event");

        assertThat(take(stream(tail, 2L), 3)).hasSize(3);
    }

    @Test
    void what_another_process_writes_between_comes_in_its_place() throws Exception {
        append(appender, "acme", 1, 2);
        JournalStream stream = stream(tail, null);
        assertThat(take(stream, 2)).hasSize(2);
        append(another, "other", 1, 4);
        append(appender, "acme", 3, 4);
        append(another, "other", 5, 5);

        assertSame(take(stream, 7), take(stream(new JournalTail(), 2L), 7));
        assertThat(stream.hasNextAvailable()).isFalse();
    }

    @Test
    void more_than_is_kept_in_memory_comes_from_the_store() throws Exception {
        for (int commit = 0; commit < 9; commit++) {
            append(appender, "acme", commit * 10L + 1, commit * 10L + 10);
        }
        assertThat(tail.after(0, 1)).isEmpty();
        assertThat(tail.after(89, 10)).hasSize(1);

        List<TrackedEventMessage<?>> events = take(stream(tail, null), 90);

        assertThat(events.stream().map(event -> event.trackingToken().position().orElseThrow()))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 90).boxed().toList());
    }
}
