package io.daybook.command.bus;

import static org.axonframework.commandhandling.GenericCommandResultMessage.asCommandResultMessage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that handles the commands of its ledgers, batch after batch. */
final class CommandWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CommandWriter.class);
    private static final Duration LOOK_FOR_STOP = Duration.ofMillis(100);

    /** What a writer finds in its queue. */
    private sealed interface Item {}

    /** The commands of this key can be handled now. */
    private record Opened(String key) implements Item {}

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
    private final Executor openers;
    private final BatchListener listener;

    /** Bounded by {@link #waiting}, so that there is always room for an {@link Opened}. */
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();

    /** How many commands are neither handled nor being handled. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** The commands whose key is being opened, in their order. Only the writer's thread uses this and {@link #ready}. */
    private final Map<String, List<Waiting<?, ?>>> parked = new HashMap<>();

    /** The commands whose key has been opened: they come before those in the queue. */
    private final Queue<Waiting<?, ?>> ready = new ArrayDeque<>();

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
            Executor openers,
            BatchListener listener) {
        this.settings = settings;
        this.transactions = transactions;
        this.weight = weight;
        this.handlers = handlers;
        this.interceptors = interceptors;
        this.opener = opener;
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
        List<Waiting<?, ?>> batch = new ArrayList<>();
        while (true) {
            try {
                Waiting<?, ?> first = next(LOOK_FOR_STOP);
                if (first != null) {
                    fill(batch, first);
                    handle(batch);
                } else if (!taking && parked.isEmpty()) {
                    return;
                }
            } catch (InterruptedException e) {
                // Nobody interrupts a writer but to end it; what waits is still handled.
                taking = false;
            } finally {
                batch.clear();
            }
        }
    }

    private void fill(List<Waiting<?, ?>> batch, Waiting<?, ?> first) throws InterruptedException {
        int total = 0;
        Waiting<?, ?> next = first;
        while (next != null) {
            batch.add(next);
            total += weight.applyAsInt(next.command());
            next = total < settings.maxBatchWeight() ? next(Duration.ZERO) : null;
        }
        waiting.addAndGet(-batch.size());
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
        Throwable failure = tryHandle(batch);
        if (failure == null) {
            return;
        }
        // After a conflict with another writer, what is in memory is read anew: it can be decided again at once.
        boolean worthAnotherTry = batch.size() > 1 || failure instanceof ConcurrencyException;
        if (worthAnotherTry && !StoreOutage.isCauseOf(failure)) {
            LOG.info("a batch of {} commands is handled again one by one: {}", batch.size(), failure.toString());
            handleOneByOne(batch);
        } else {
            fail(batch, failure);
        }
    }

    private void handleOneByOne(List<Waiting<?, ?>> batch) {
        for (int i = 0; i < batch.size(); i++) {
            Throwable failure = tryHandle(batch.subList(i, i + 1));
            if (failure != null && StoreOutage.isCauseOf(failure)) {
                fail(batch.subList(i, batch.size()), failure);
                return;
            }
            if (failure != null) {
                fail(batch.subList(i, i + 1), failure);
            }
        }
    }

    private void fail(List<Waiting<?, ?>> batch, Throwable failure) {
        LOG.warn("{} commands failed", batch.size(), failure);
        listener.failed(batch.size());
        batch.forEach(waiting -> waiting.answer(asCommandResultMessage(failure)));
    }

    /** Handles all commands in one transaction and answers them; or answers none and tells why it was rolled back. */
    private @Nullable Throwable tryHandle(List<Waiting<?, ?>> batch) {
        Object[] results = new Object[batch.size()];
        long begin = System.nanoTime();
        long[] handled = {begin};
        Throwable failure = commit(batch, results, handled);
        if (failure == null) {
            long committed = System.nanoTime();
            long[] nanos = new long[results.length];
            for (int i = 0; i < results.length; i++) {
                nanos[i] = committed - batch.get(i).since();
                batch.get(i).answer(asCommandResultMessage(results[i]));
            }
            listener.committed(new BatchListener.Batch(results, nanos, handled[0] - begin, committed - handled[0]));
        }
        return failure;
    }

    /**
     * @param handled is told when the last command had been handled
     */
    private @Nullable Throwable commit(List<Waiting<?, ?>> batch, Object[] results, long[] handled) {
        try {
            List<CommandMessage<?>> commands = new ArrayList<>(batch.size());
            batch.forEach(waiting -> commands.add(waiting.command()));
            BatchingUnitOfWork<CommandMessage<?>> unit = new BatchingUnitOfWork<>(commands);
            unit.start(); // a unit that has not started hides why its transaction could not begin
            unit.attachTransaction(transactions);
            int[] next = {0};
            // The unit of work handles its messages in their order, one call of the task each.
            ResultMessage<Object> result = unit.executeWithResult(
                    () -> {
                        Object answer = handle(unit);
                        results[next[0]++] = answer;
                        if (next[0] == results.length) {
                            handled[0] = System.nanoTime();
                        }
                        return answer;
                    },
                    RollbackConfigurationType.ANY_THROWABLE);
            return result.isExceptional() ? result.exceptionResult() : null;
        } catch (RuntimeException | Error e) {
            return e;
        }
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
