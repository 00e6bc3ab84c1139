package io.daybook.query.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waiting costs a store does not depend on how many wait. */
@Timeout(30)
class ArrivalsTest {

    private static final LedgerId LEDGER = new LedgerId("shop");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Map<LedgerId, Long> store = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final Arrivals arrivals = new Arrivals(this::ask, (ledger, sequence) -> Optional.empty());

    private Map<LedgerId, Long> ask(Set<LedgerId> ledgers) {
        questions.incrementAndGet();
        return Map.copyOf(store);
    }

    @Test
    void a_thousand_that_wait_ask_one_question_at_a_time() throws InterruptedException {
        store.put(LEDGER, 1L);
        var waiting = IntStream.range(0, 1_000)
                .mapToObj(i -> waitFor(LEDGER, 2, LONG))
                .toList();
        await().until(() -> questions.get() >= 20);
        assertThat(waiting).allMatch(Thread::isAlive);

        store.put(LEDGER, 2L);
        for (Thread thread : waiting) {
            thread.join();
        }

        // Each asking for itself would have been twenty thousand.
        assertThat(questions).hasValueLessThan(2_000);
    }

    @Test
    void only_who_has_what_it_waits_for_is_woken() throws InterruptedException {
        store.put(LEDGER, 5L);
        Thread soon = waitFor(LEDGER, 5, LONG);
        Thread later = waitFor(LEDGER, 6, LONG);
        Thread other = waitFor(new LedgerId("other"), 0, LONG);

        soon.join();
        assertThat(later.isAlive() && other.isAlive()).isTrue();

        store.put(new LedgerId("other"), 1L);
        other.join();
        assertThat(later.isAlive()).isTrue();

        store.put(LEDGER, 9L);
        later.join();
    }

    @Test
    void nobody_waits_longer_than_asked_and_then_the_store_has_its_rest() throws InterruptedException {
        waitFor(LEDGER, 2, Duration.ofMillis(100)).join();

        await().pollDelay(Duration.ofMillis(100)).until(() -> {
            int before = questions.get();
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            return questions.get() == before;
        });

        store.put(LEDGER, 2L);
        waitFor(LEDGER, 2, LONG).join();
    }

    @Test
    void a_store_that_cannot_be_read_keeps_nobody_waiting() throws InterruptedException {
        Arrivals broken = new Arrivals(
                ledgers -> {
                    throw new IllegalStateException("down");
                },
                (ledger, sequence) -> Optional.empty());

        waitFor(broken, LEDGER, 2, LONG).join();
    }

    private Thread waitFor(LedgerId ledger, long sequence, Duration atMost) {
        return waitFor(arrivals, ledger, sequence, atMost);
    }

    private static Thread waitFor(Arrivals arrivals, LedgerId ledger, long sequence, Duration atMost) {
        return Thread.ofVirtual().start(() -> {
            try {
                arrivals.await(ledger, sequence, atMost);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
