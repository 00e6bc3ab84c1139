package io.daybook.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daybook.command.ledger.Decision;
import io.daybook.command.ledger.History;
import io.daybook.command.ledger.RememberedCommand;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class JournalAppenderTest {

    private static final LedgerId LEDGER = new LedgerId("acme");
    private static final LedgerId OTHER = new LedgerId("other");

    private final TestJournal store = new TestJournal();
    private final JdbcTemplate journal = store.jdbc();
    private final JournalTail tail = new JournalTail();
    private JournalAppender appender;

    @BeforeEach
    void start() {
        appender = new JournalAppender(store.database(), tail, 8_192, Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        appender.close();
        store.close();
    }

    /** Commits a unit of work that adds events with these sequences. */
    private JournalAppend append(LedgerId ledger, List<JournalAppend> before, long... sequences) {
        UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(new GenericMessage<>("a batch"));
        JournalAppend append = appender.begin(unit, before);
        append.add(LongStream.of(sequences).mapToObj(n -> entry(ledger, n)).toList());
        unit.commit();
        return append;
    }

    private static JournalEntry entry(LedgerId ledger, long sequence) {
        return JournalEntry.following(
                History.Head.none().hash(),
                ledger,
                sequence,
                UUID.randomUUID(),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                "request",
                "actor",
                new LedgerOpened(null, Map.of()),
                null);
    }

    private List<Long> sequences(LedgerId ledger) {
        return journal.queryForList(
                "select sequence from event where ledger = ? order by position", Long.class, ledger.value());
    }

    @Test
    void appends_what_units_of_work_have_committed_in_their_order_without_gaps() throws Exception {
        JournalAppend first = append(LEDGER, List.of(), 1, 2);
        append(OTHER, List.of(), 1);
        JournalAppend last = append(LEDGER, List.of(first), 3);

        last.durable().get(10, TimeUnit.SECONDS);
        assertThat(sequences(LEDGER)).containsExactly(1L, 2L, 3L);
        assertThat(sequences(OTHER)).containsExactly(1L);
        assertThat(journal.queryForList("select position from event order by position", Long.class))
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(tail.count()).isPositive();
    }

    @Test
    void adds_nothing_if_the_unit_of_work_is_rolled_back_or_leads_to_nothing() throws Exception {
        UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(new GenericMessage<>("a batch"));
        JournalAppend given = appender.begin(unit, List.of());
        given.add(List.of(entry(LEDGER, 1)));
        unit.rollback();
        JournalAppend empty = append(LEDGER, List.of());
        append(OTHER, List.of(), 1).durable().get(10, TimeUnit.SECONDS);

        assertThat(empty.isEmpty()).isTrue();
        assertThat(sequences(LEDGER)).isEmpty();
    }

    private JournalAppend remember(long head) {
        UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(new GenericMessage<>("a batch"));
        JournalAppend append = appender.begin(unit, List.of());
        append.remember(
                new RememberedCommand(
                        LEDGER,
                        UUID.randomUUID(),
                        "fingerprint",
                        head,
                        new Decision.Unchanged(new LedgerOpened(null, Map.of()))),
                head);
        unit.commit();
        return append;
    }

    private int remembered() {
        return journal.queryForObject("select count(*) from remembered_command", Integer.class);
    }

    @Test
    void remembers_a_command_also_if_there_is_no_event_to_append() throws Exception {
        append(LEDGER, List.of(), 1).durable().get(10, TimeUnit.SECONDS);
        JournalAppend append = remember(1);

        assertThat(append.isEmpty()).isFalse();
        append.durable().get(10, TimeUnit.SECONDS);
        assertThat(remembered()).isOne();
        assertThat(sequences(LEDGER)).containsExactly(1L);
    }

    /** What stood for a writer that has not heard of it did not stand any more. */
    @Test
    void remembers_no_command_that_was_decided_before_another_writers_event() throws Exception {
        append(LEDGER, List.of(), 1, 2).durable().get(10, TimeUnit.SECONDS);

        JournalAppend stale = remember(1);
        assertThatThrownBy(() -> stale.durable().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ConcurrencyException.class);
        assertThat(remembered()).isZero();
        remember(2).durable().get(10, TimeUnit.SECONDS);
        assertThat(remembered()).isOne();
    }

    /** Else the journal would have a gap: what is decided upon something that is not there has a place behind it. */
    @Test
    void appends_nothing_that_was_decided_upon_what_could_not_be_appended() throws Exception {
        append(LEDGER, List.of(), 1).durable().get(10, TimeUnit.SECONDS);
        JournalAppend conflict = append(LEDGER, List.of(), 1, 2);
        JournalAppend nothing = append(LEDGER, List.of(conflict));
        JournalAppend upon = append(LEDGER, List.of(conflict, nothing), 3);
        JournalAppend uponThat = append(LEDGER, List.of(conflict, nothing, upon), 4);

        for (JournalAppend failed : List.of(conflict, upon, uponThat)) {
            assertThatThrownBy(() -> failed.durable().get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ConcurrencyException.class);
        }
        append(LEDGER, List.of(), 2).durable().get(10, TimeUnit.SECONDS);
        assertThat(sequences(LEDGER)).containsExactly(1L, 2L);
        assertThat(journal.queryForObject("select position from journal_head", Long.class))
                .isEqualTo(2);
    }
}
