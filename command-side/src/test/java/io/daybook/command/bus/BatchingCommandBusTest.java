package io.daybook.command.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.daybook.command.bus.BatchingCommandBus.Settings;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchingCommandBusTest {

    private static final String BLOCK = "block";
    private static final String FAIL = "fail";
    private static final String COLD = "cold";

    /** Has a batch handled while others are on their way, however small it is. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Settings USUAL = new Settings(2, 16_384, 4_096, 4, 64, 4, PATIENCE);
    private static final Settings EAGER = new Settings(2, 16_384, 4_096, 4, 1, 4, PATIENCE);

    private final List<List<String>> committed = Collections.synchronizedList(new ArrayList<>());
    private final List<BatchListener.Batch> heard = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger notTaken = new AtomicInteger();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private BatchingCommandBus bus;
    private Opener opener = Opener.NONE;
    private final AtomicReference<Durability> durability = new AtomicReference<>(Durability.WITH_COMMIT);
    private final AtomicReference<TransactionManager> transactions =
            new AtomicReference<>(NoTransactionManager.instance());

    /** The payload {@code block} holds the writer until {@link #goOn}, so that the commands behind it become one batch. */
    private BatchingCommandBus bus(Settings settings) {
        bus = new BatchingCommandBus(
                settings,
                () -> transactions.get().startTransaction(),
                command -> ((String) command.getPayload()).startsWith(COLD) ? COLD : "one ledger",
                command -> 1,
                opener,
                unit -> durability.get().of(unit),
                new BatchListener() {
                    @Override
                    public void committed(Batch batch) {
                        heard.add(batch);
                    }

                    @Override
                    public void failed(int commands) {
                        failed.addAndGet(commands);
                    }

                    @Override
                    public void notTaken() {
                        notTaken.incrementAndGet();
                    }
                });
        bus.subscribe(String.class.getName(), command -> {
            String payload = (String) command.getPayload();
            if (payload.equals(BLOCK)) {
                blocked.countDown();
                goOn.await(10, TimeUnit.SECONDS);
            }
            List<String> unit = CurrentUnitOfWork.get().root().getOrComputeResource("payloads", key -> {
                List<String> payloads = new ArrayList<>();
                CurrentUnitOfWork.get().root().afterCommit(u -> committed.add(payloads));
                return payloads;
            });
            unit.add(payload);
            if (payload.startsWith(FAIL)) {
                throw new IllegalStateException("as told");
            }
            return "did " + payload;
        });
        return bus;
    }

    @AfterEach
    void close() {
        goOn.countDown();
        bus.close();
    }

    private CompletableFuture<Object> dispatch(String payload) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        bus.dispatch(GenericCommandMessage.<String>asCommandMessage(payload), (command, result) -> {
            if (result.isExceptional()) {
                answer.completeExceptionally(result.exceptionResult());
            } else {
                answer.complete(result.getPayload());
            }
        });
        return answer;
    }

    @Test
    void handles_what_waits_in_one_unit_of_work_and_in_order() throws Exception {
        bus(USUAL);
        dispatch(BLOCK);
        blocked.await();
        dispatch("a");
        dispatch("b");
        CompletableFuture<Object> last = dispatch("c");
        goOn.countDown();

        assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo("did c");
        assertThat(committed).containsExactly(List.of(BLOCK), List.of("a", "b", "c"));
    }

    @Test
    void lets_only_the_command_at_fault_fail() throws Exception {
        bus(USUAL);
        dispatch(BLOCK);
        blocked.await();
        CompletableFuture<Object> before = dispatch("a");
        CompletableFuture<Object> fault = dispatch(FAIL);
        CompletableFuture<Object> after = dispatch("b");
        goOn.countDown();

        assertThat(before.get(10, TimeUnit.SECONDS)).isEqualTo("did a");
        assertThat(after.get(10, TimeUnit.SECONDS)).isEqualTo("did b");
        assertThatThrownBy(() -> fault.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("as told");
        assertThat(committed).containsExactly(List.of(BLOCK), List.of("a"), List.of("b"));
    }

    /** Trying each command by itself would keep the writer waiting for as many connections as there are commands. */
    @Test
    void a_batch_fails_at_once_while_the_store_is_away_and_tells_why() throws Exception {
        bus(USUAL);
        dispatch(BLOCK);
        blocked.await();
        List<CompletableFuture<Object>> answers = List.of(dispatch("a"), dispatch("b"), dispatch("c"));
        AtomicInteger attempts = new AtomicInteger();
        transactions.set(() -> {
            attempts.incrementAndGet();
            throw new IllegalStateException(new SQLTransientConnectionException("no connection"));
        });
        goOn.countDown();

        for (CompletableFuture<Object> answer : answers) {
            assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(SQLTransientConnectionException.class);
        }
        assertThat(attempts).hasValue(1);
        transactions.set(NoTransactionManager.instance());
        assertThat(dispatch("d").get(10, TimeUnit.SECONDS)).isEqualTo("did d");
    }

    @Test
    void closes_a_batch_at_its_weight() throws Exception {
        bus(new Settings(1, 100, 2, 1, 1, 4, PATIENCE));
        dispatch(BLOCK);
        blocked.await();
        dispatch("a");
        dispatch("b");
        CompletableFuture<Object> last = dispatch("c");
        goOn.countDown();

        last.get(10, TimeUnit.SECONDS);
        assertThat(committed).containsExactly(List.of(BLOCK), List.of("a", "b"), List.of("c"));
    }

    @Test
    void takes_no_more_than_may_wait() throws Exception {
        bus(new Settings(1, 2, 10, 1, 1, 4, PATIENCE));
        dispatch(BLOCK);
        blocked.await();
        dispatch("a");
        CompletableFuture<Object> last = dispatch("b");
        assertThat(dispatch("c")).isCompletedExceptionally();
        goOn.countDown();
        assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo("did b");
    }

    @Test
    void tells_of_each_batch_and_of_what_failed_or_was_not_taken() throws Exception {
        bus(new Settings(1, 3, 10, 1, 1, 4, PATIENCE));
        dispatch(BLOCK);
        blocked.await();
        dispatch("a");
        dispatch("b");
        CompletableFuture<Object> fault = dispatch(FAIL);
        assertThat(bus.longestQueue()).isEqualTo(3);
        assertThat(dispatch("c")).isCompletedExceptionally();
        goOn.countDown();

        assertThatThrownBy(() -> fault.get(10, TimeUnit.SECONDS)).hasMessageContaining("as told");
        bus.close();
        assertThat(heard)
                .extracting(BatchListener.Batch::results)
                .containsExactly(new Object[] {"did " + BLOCK}, new Object[] {"did a"}, new Object[] {"did b"});
        assertThat(heard).allSatisfy(batch -> {
            assertThat(batch.nanos()[0]).isGreaterThan(batch.commitNanos());
            assertThat(batch.handlingNanos()).isPositive();
            assertThat(batch.commitNanos()).isPositive();
        });
        assertThat(failed).hasValue(1);
        assertThat(notTaken).hasValue(1);
    }

    @Test
    void answers_what_waits_before_it_closes() throws Exception {
        bus(USUAL);
        dispatch(BLOCK);
        blocked.await();
        CompletableFuture<Object> waiting = dispatch("a");
        goOn.countDown();
        bus.close();
        assertThat(waiting).isCompletedWithValue("did a");
        assertThat(dispatch("b")).isCompletedExceptionally();
    }

    @Test
    void lets_others_go_on_while_a_key_is_opened_and_keeps_the_order_of_its_commands() throws Exception {
        Set<String> open = ConcurrentHashMap.newKeySet();
        open.add("one ledger");
        CountDownLatch mayOpen = new CountDownLatch(1);
        opener = new Opener() {
            @Override
            public boolean isOpen(String key) {
                return open.contains(key);
            }

            @Override
            public void open(String key) {
                try {
                    assertThat(mayOpen.await(10, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                open.add(key);
            }
        };
        bus(new Settings(1, 100, 1, 1, 1, 4, PATIENCE));
        CompletableFuture<Object> cold1 = dispatch(COLD + 1);
        CompletableFuture<Object> cold2 = dispatch(COLD + 2);
        assertThat(dispatch("warm").get(10, TimeUnit.SECONDS)).isEqualTo("did warm");
        assertThat(cold1).isNotDone();
        mayOpen.countDown();
        CompletableFuture<Object> cold3 = dispatch(COLD + 3);

        CompletableFuture.allOf(cold1, cold2, cold3).get(10, TimeUnit.SECONDS);
        assertThat(committed).containsExactly(List.of("warm"), List.of(COLD + 1), List.of(COLD + 2), List.of(COLD + 3));
    }

    @Test
    void handles_the_commands_of_a_key_that_could_not_be_opened_all_the_same() throws Exception {
        opener = new Opener() {
            @Override
            public boolean isOpen(String key) {
                return false;
            }

            @Override
            public void open(String key) {
                throw new IllegalStateException("as told");
            }
        };
        bus(USUAL);
        assertThat(dispatch("a").get(10, TimeUnit.SECONDS)).isEqualTo("did a");
        assertThat(dispatch("b").get(10, TimeUnit.SECONDS)).isEqualTo("did b");
    }

    @Test
    void counts_commands_that_wait_for_their_key_among_those_that_may_wait() throws Exception {
        CountDownLatch mayOpen = new CountDownLatch(1);
        opener = new Opener() {
            @Override
            public boolean isOpen(String key) {
                return false;
            }

            @Override
            public void open(String key) {
                try {
                    mayOpen.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        bus(new Settings(1, 2, 10, 1, 1, 4, PATIENCE));
        CompletableFuture<Object> first = dispatch("a");
        dispatch("b");
        assertThatThrownBy(() -> dispatch("c").get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CommandQueueFullException.class);
        mayOpen.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("did a");
    }

    /** Has each batch wait for a future of its own. */
    private BlockingQueue<CompletableFuture<Void>> batchesOnTheWay() {
        BlockingQueue<CompletableFuture<Void>> onTheWay = new LinkedBlockingQueue<>();
        durability.set(unit -> {
            CompletableFuture<Void> durable = new CompletableFuture<>();
            onTheWay.add(durable);
            return durable;
        });
        return onTheWay;
    }

    @Test
    void handles_the_next_batch_while_one_is_on_its_way_and_answers_when_it_is_durable() throws Exception {
        BlockingQueue<CompletableFuture<Void>> onTheWay = batchesOnTheWay();
        bus(EAGER);
        CompletableFuture<Object> first = dispatch("a");
        CompletableFuture<Void> firstDurable = onTheWay.poll(10, TimeUnit.SECONDS);
        CompletableFuture<Object> second = dispatch("b");
        CompletableFuture<Void> secondDurable = onTheWay.poll(10, TimeUnit.SECONDS);

        assertThat(committed).containsExactly(List.of("a"), List.of("b"));
        assertThat(first).isNotDone();
        firstDurable.complete(null);
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("did a");
        assertThat(second).isNotDone();
        secondDurable.complete(null);
        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("did b");
    }

    @Test
    void lets_little_wait_for_what_is_on_its_way_so_that_it_becomes_more() throws Exception {
        BlockingQueue<CompletableFuture<Void>> onTheWay = batchesOnTheWay();
        bus(new Settings(1, 100, 10, 1, 4, 4, PATIENCE));
        dispatch("a");
        CompletableFuture<Void> durable = onTheWay.poll(10, TimeUnit.SECONDS);
        dispatch("b");
        CompletableFuture<Object> last = dispatch("c");
        assertThat(onTheWay.poll(50, TimeUnit.MILLISECONDS)).isNull();
        durable.complete(null);
        CompletableFuture<Void> next = onTheWay.poll(10, TimeUnit.SECONDS);
        assertThat(committed).containsExactly(List.of("a"), List.of("b", "c"));
        next.complete(null);
        assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo("did c");
    }

    @Test
    void lets_no_more_than_a_few_batches_be_on_their_way() throws Exception {
        BlockingQueue<CompletableFuture<Void>> onTheWay = batchesOnTheWay();
        bus(EAGER);
        List<CompletableFuture<Void>> four = new ArrayList<>();
        for (String payload : List.of("a", "b", "c", "d")) {
            dispatch(payload);
            four.add(onTheWay.poll(10, TimeUnit.SECONDS));
        }
        CompletableFuture<Object> last = dispatch("e");
        assertThat(onTheWay.poll(50, TimeUnit.MILLISECONDS)).isNull();
        four.forEach(durable -> durable.complete(null));
        onTheWay.poll(10, TimeUnit.SECONDS).complete(null);
        assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo("did e");
    }

    @Test
    void answers_what_led_to_nothing_when_all_before_it_is_durable() throws Exception {
        BlockingQueue<CompletableFuture<Void>> onTheWay = batchesOnTheWay();
        Durability recording = durability.get();
        durability.set(unit -> unit.getMessage().getPayload().equals("look") ? null : recording.of(unit));
        bus(EAGER);
        dispatch("a");
        CompletableFuture<Void> durable = onTheWay.poll(10, TimeUnit.SECONDS);
        CompletableFuture<Object> look = dispatch("look");
        await().untilAsserted(() -> assertThat(committed).contains(List.of("look")));
        assertThat(look).isNotDone();
        durable.complete(null);
        assertThat(look.get(10, TimeUnit.SECONDS)).isEqualTo("did look");
    }

    @Test
    void handles_again_in_their_order_what_was_on_its_way_when_a_batch_failed() throws Exception {
        List<String> forgotten = Collections.synchronizedList(new ArrayList<>());
        opener = new Opener() {
            @Override
            public boolean isOpen(String key) {
                return true;
            }

            @Override
            public void open(String key) {}

            @Override
            public void forget(String key) {
                forgotten.add(key);
            }
        };
        BlockingQueue<CompletableFuture<Void>> onTheWay = batchesOnTheWay();
        bus(EAGER);
        CompletableFuture<Object> first = dispatch("a");
        CompletableFuture<Void> firstDurable = onTheWay.poll(10, TimeUnit.SECONDS);
        CompletableFuture<Object> second = dispatch("b");
        CompletableFuture<Void> secondDurable = onTheWay.poll(10, TimeUnit.SECONDS);
        durability.set(Durability.WITH_COMMIT);
        firstDurable.completeExceptionally(new ConcurrencyException("as told"));
        assertThat(second).isNotDone();
        secondDurable.completeExceptionally(new ConcurrencyException("as told"));

        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("did a");
        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("did b");
        assertThat(committed).containsExactly(List.of("a"), List.of("b"), List.of("a"), List.of("b"));
        assertThat(forgotten).containsExactly("one ledger", "one ledger");
    }

    @Test
    void fails_all_that_is_on_its_way_when_the_store_goes_away() throws Exception {
        BlockingQueue<CompletableFuture<Void>> onTheWay = batchesOnTheWay();
        bus(EAGER);
        CompletableFuture<Object> first = dispatch("a");
        CompletableFuture<Void> firstDurable = onTheWay.poll(10, TimeUnit.SECONDS);
        CompletableFuture<Object> second = dispatch("b");
        CompletableFuture<Void> secondDurable = onTheWay.poll(10, TimeUnit.SECONDS);
        SQLTransientConnectionException outage = new SQLTransientConnectionException("no connection");
        firstDurable.completeExceptionally(outage);
        secondDurable.completeExceptionally(outage);

        for (CompletableFuture<Object> answer : List.of(first, second)) {
            assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS)).hasRootCause(outage);
        }
        durability.set(Durability.WITH_COMMIT);
        assertThat(dispatch("c").get(10, TimeUnit.SECONDS)).isEqualTo("did c");
    }
}
