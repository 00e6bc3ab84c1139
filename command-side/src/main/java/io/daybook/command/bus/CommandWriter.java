package io.daybook.command.bus;

import static org.axonframework.commandhandling.GenericCommandResultMessage.asCommandResultMessage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.DefaultInterceptorChain;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that handles the commands of its ledgers, batch after batch. While what a batch led to is made durable, it
 * handles the next one: a bounded number of batches is on the way, in their order, and the callers of each are answered when
 * it has arrived. If one fails, those behind it fail too, as they were decided upon it; all are then handled again.
 */
final class CommandWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CommandWriter.class);
    private static final Duration LOOK_FOR_STOP = Duration.ofMillis(100);

    /** How often a command is decided again while others write what it is about: as one of them succeeds each time, that ends. */
    private static final int MOST_CONFLICTS = 12;

    /** Up to so long is waited before the next try, so that the same ones do not meet again; twice as long each time. */
    private static final int FIRST_PAUSE_MS = 1;

    private static final int LONGEST_PAUSE_MS = 64;

    /** What a writer finds in its queue. */
    private sealed interface Item {}

    /** The commands of this key can be handled now. */
    private record Opened(String key) implements Item {}

    /** A batch that was on its way failed. */
    private record Failed() implements Item {}

    /**
     * A batch that was handled.
     *
     * @param durable done when what it led to is durable, or when it failed
     */
    private record OnTheWay(List<Waiting<?, ?>> batch, UnitOfWork<?> unit, CompletableFuture<?> durable) {

        /** Waits for its end. */
        @Nullable Throwable failure() {
            return durable.handle((nothing, failure) ->
                            failure instanceof CompletionException wrapped ? wrapped.getCause() : failure)
                    .join();
        }
    }

    /**
     * @param since when it was dispatched, as {@link System#nanoTime} has it
     */
    private record Waiting<C, R>(
            String key, CommandMessage<C> command, CommandCallback<? super C, ? super R> callback, long since)
            implements Item {

        @SuppressWarnings("unchecked")
        void answer(CommandResultMessage<?> result) {
            try {
                callback.onResult(command, (CommandResultMessage<? extends R>) result);
            } catch (RuntimeException e) {
                LOG.error("the callback of command {} failed", command.getCommandName(), e);
            }
        }
    }

    private final BatchingCommandBus.Settings settings;
    private final TransactionManager transactions;
    private final ToIntFunction<CommandMessage<?>> weight;
    private final Function<String, @Nullable MessageHandler<? super CommandMessage<?>>> handlers;
    private final List<MessageHandlerInterceptor<? super CommandMessage<?>>> interceptors;
    private final Opener opener;
    private final Durability durability;
    private final Executor openers;
    private final BatchListener listener;

    /** Bounded by {@link #waiting}, so that there is always room for an {@link Opened} or {@link Failed}. */
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();

    /** How many commands are neither handled nor being handled. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** The commands whose key is being opened, in their order. Only the writer's thread uses this and {@link #ready}. */
    private final Map<String, List<Waiting<?, ?>>> parked = new HashMap<>();

    /** The commands whose key has been opened: they come before those in the queue. */
    private final Queue<Waiting<?, ?>> ready = new ArrayDeque<>();

    /** In their order; those in front may have arrived already. Only the writer's thread uses this. */
    private final Deque<OnTheWay> onTheWay = new ArrayDeque<>();

    private final Thread thread;
    private volatile boolean taking = true;

    CommandWriter(
            String name,
            BatchingCommandBus.Settings settings,
            TransactionManager transactions,
            ToIntFunction<CommandMessage<?>> weight,
            Function<String, @Nullable MessageHandler<? super CommandMessage<?>>> handlers,
            List<MessageHandlerInterceptor<? super CommandMessage<?>>> interceptors,
            Opener opener,
            Durability durability,
            Executor openers,
            BatchListener listener) {
        this.settings = settings;
        this.transactions = transactions;
        this.weight = weight;
        this.handlers = handlers;
        this.interceptors = interceptors;
        this.opener = opener;
        this.durability = durability;
        this.openers = openers;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    <C, R> void submit(String key, CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        Waiting<C, R> last = new Waiting<>(key, command, callback, System.nanoTime());
        if (waiting.incrementAndGet() > settings.queueCapacity() || !taking) {
            refuse(last);
            return;
        }
        queue.add(last);
        if (!taking && queue.remove(last)) {
            // Stopped between the two looks: nobody would come for it.
            refuse(last);
        }
    }

    private void refuse(Waiting<?, ?> command) {
        waiting.decrementAndGet();
        listener.notTaken();
        command.answer(asCommandResultMessage(new CommandQueueFullException(settings.queueCapacity())));
    }

    int waiting() {
        return waiting.get();
    }

    void stopTaking() {
        taking = false;
    }

    void awaitEnd(Duration timeout) {
        try {
            if (!thread.join(timeout)) {
                LOG.error("{} did not end within {}; its commands stay unanswered", thread.getName(), timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean ended = false;
        while (!ended) {
            try {
                settle(settings.maxOnTheWay());
                Waiting<?, ?> first = next(LOOK_FOR_STOP);
                if (first != null) {
                    awaitCompany(first);
                    handle(fill(first));
                } else if (!taking && parked.isEmpty()) {
                    settle(0);
                    ended = true;
                }
            } catch (InterruptedException e) {
                // Nobody interrupts a writer but to end it; what waits is still handled.
                taking = false;
            }
        }
    }

    /** Waits until enough is waiting for a batch, or nothing is on its way that it could wait for. */
    private void awaitCompany(Waiting<?, ?> first) {
        // About: as if all that waits were as heavy as this one.
        int each = weight.applyAsInt(first.command());
        while (!onTheWay.isEmpty() && (long) waiting.get() * each < settings.minWeightAhead()) {
            settle(onTheWay.size() - 1);
        }
    }

    private List<Waiting<?, ?>> fill(Waiting<?, ?> first) throws InterruptedException {
        List<Waiting<?, ?>> batch = new ArrayList<>();
        int total = 0;
        Waiting<?, ?> next = first;
        while (next != null) {
            batch.add(next);
            total += weight.applyAsInt(next.command());
            next = total < settings.maxBatchWeight() ? next(Duration.ZERO) : null;
        }
        waiting.addAndGet(-batch.size());
        return batch;
    }

    /** The next command that can be handled, or null if there is none within the time. */
    private @Nullable Waiting<?, ?> next(Duration timeout) throws InterruptedException {
        while (ready.isEmpty()) {
            // A poll without a timeout cannot be interrupted: what has been taken for a batch is handled.
            Item item = timeout.isZero() ? queue.poll() : queue.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            switch (item) {
                case null -> {
                    return null;
                }
                case Failed() -> {
                    return null; // it is found where it was on its way
                }
                case Opened(String key) -> ready.addAll(parked.remove(key));
                case Waiting<?, ?> command -> {
                    if (!park(command)) {
                        return command;
                    }
                }
            }
        }
        return ready.remove();
    }

    /** Lays the command aside if its key must be opened first. */
    private boolean park(Waiting<?, ?> command) {
        String key = command.key();
        List<Waiting<?, ?>> others = parked.get(key);
        if (others == null) {
            if (opener.isOpen(key)) {
                return false;
            }
            others = new ArrayList<>();
            parked.put(key, others);
            openers.execute(() -> open(key));
        }
        others.add(command);
        return true;
    }

    private void open(String key) {
        try {
            opener.open(key);
        } catch (RuntimeException | Error e) {
            LOG.info("{} could not be opened; its commands are handled all the same: {}", key, e.toString());
        } finally {
            queue.add(new Opened(key));
        }
    }

    private void handle(List<Waiting<?, ?>> batch) {
        settle(settings.maxOnTheWay() - 1);
        Throwable failure = send(batch);
        if (failure != null) {
            settle(0);
            batch.forEach(
                    waiting -> opener.forget(waiting.key())); // also what was only read may be older than the store
            handleAgain(batch, failure);
        }
    }

    /** Waits until no more than so many batches are on their way, and looks after those that failed. */
    private void settle(int most) {
        while (!onTheWay.isEmpty()
                && (onTheWay.size() > most || onTheWay.getFirst().durable().isDone())) {
            OnTheWay first = onTheWay.getFirst();
            Throwable failure = first.failure();
            if (failure == null) {
                onTheWay.removeFirst();
                continue;
            }
            List<OnTheWay> failed = List.copyOf(onTheWay);
            onTheWay.clear();
            for (OnTheWay each : failed) {
                each.failure(); // before anything is read anew, nothing may be on its way any more
                each.batch().forEach(waiting -> opener.forget(waiting.key()));
            }
            failed.forEach(each -> handleAgain(each.batch(), failure));
        }
    }

    /** What failed together is handled one by one, so that only what is at fault fails. Nothing may be on its way. */
    private void handleAgain(List<Waiting<?, ?>> batch, Throwable failure) {
        // After a conflict with another writer, what is in memory is read anew: it can be decided again at once.
        boolean worthAnotherTry = batch.size() > 1 || failure instanceof ConcurrencyException;
        if (!worthAnotherTry || StoreOutage.isCauseOf(failure)) {
            fail(batch, failure);
            return;
        }
        LOG.info("a batch of {} commands is handled again one by one: {}", batch.size(), failure.toString());
        for (int i = 0; i < batch.size(); i++) {
            Throwable again = handleUntilAlone(batch.get(i));
            if (again != null && StoreOutage.isCauseOf(again)) {
                fail(batch.subList(i, batch.size()), again);
                return;
            }
            if (again != null) {
                fail(batch.subList(i, i + 1), again);
            }
        }
    }

    /** Handles it until nobody else writes the same at that moment, or it has been tried often enough. */
    private @Nullable Throwable handleUntilAlone(Waiting<?, ?> command) {
        Throwable failure = handleAlone(command);
        int longest = FIRST_PAUSE_MS;
        for (int conflicts = 1; failure instanceof ConcurrencyException && conflicts < MOST_CONFLICTS; conflicts++) {
            LockSupport.parkNanos(
                    TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(longest + 1)));
            longest = Math.min(2 * longest, LONGEST_PAUSE_MS);
            failure = handleAlone(command);
        }
        return failure;
    }

    private @Nullable Throwable handleAlone(Waiting<?, ?> command) {
        Throwable failure = send(List.of(command));
        if (failure == null) {
            failure = onTheWay.removeLast().failure();
        }
        if (failure != null) {
            opener.forget(command.key());
        }
        return failure;
    }

    private void fail(List<Waiting<?, ?>> batch, Throwable failure) {
        LOG.warn("{} commands failed", batch.size(), failure);
        listener.failed(batch.size());
        batch.forEach(waiting -> waiting.answer(asCommandResultMessage(failure)));
    }

    /** Handles all commands in one unit of work and sends it on its way; or tells why it was rolled back. */
    private @Nullable Throwable send(List<Waiting<?, ?>> batch) {
        Object[] results = new Object[batch.size()];
        long begin = System.nanoTime();
        try {
            List<CommandMessage<?>> commands = new ArrayList<>(batch.size());
            batch.forEach(waiting -> commands.add(waiting.command()));
            BatchingUnitOfWork<CommandMessage<?>> unit = new BatchingUnitOfWork<>(commands);
            unit.start(); // a unit that has not started hides why its transaction could not begin
            unit.attachTransaction(transactions);
            unit.resources()
                    .put(
                            BatchingCommandBus.ON_THE_WAY,
                            onTheWay.stream().map(OnTheWay::unit).toList());
            int[] next = {0};
            // The unit of work handles its messages in their order, one call of the task each.
            ResultMessage<Object> result = unit.executeWithResult(
                    () -> {
                        Object answer = handle(unit);
                        results[next[0]++] = answer;
                        return answer;
                    },
                    RollbackConfigurationType.ANY_THROWABLE);
            unit.resources().remove(BatchingCommandBus.ON_THE_WAY); // or each would keep those before it for ever
            if (result.isExceptional()) {
                return result.exceptionResult();
            }
            send(batch, unit, results, begin);
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    private void send(List<Waiting<?, ?>> batch, UnitOfWork<?> unit, Object[] results, long begin) {
        CompletableFuture<?> durable = durability.of(unit);
        if (durable == null) {
            // What was answered without a change may rest on what is on its way.
            durable = onTheWay.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : onTheWay.getLast().durable();
        }
        long handled = System.nanoTime();
        onTheWay.add(new OnTheWay(batch, unit, durable));
        durable.whenComplete((nothing, failure) -> {
            if (failure == null) {
                answer(batch, results, begin, handled);
            } else {
                queue.add(new Failed());
            }
        });
    }

    private void answer(List<Waiting<?, ?>> batch, Object[] results, long begin, long handled) {
        long committed = System.nanoTime();
        long[] nanos = new long[results.length];
        for (int i = 0; i < results.length; i++) {
            nanos[i] = committed - batch.get(i).since();
            batch.get(i).answer(asCommandResultMessage(results[i]));
        }
        listener.committed(new BatchListener.Batch(results, nanos, handled - begin, committed - handled));
    }

    private Object handle(BatchingUnitOfWork<CommandMessage<?>> unit) throws Exception {
        CommandMessage<?> command = unit.getMessage();
        MessageHandler<? super CommandMessage<?>> handler = handlers.apply(command.getCommandName());
        if (handler == null) {
            throw new IllegalStateException("the handler of " + command.getCommandName() + " has gone");
        }
        return interceptors.isEmpty()
                ? handler.handle(command)
                : new DefaultInterceptorChain<>(unit, interceptors, handler).proceed();
    }
}
