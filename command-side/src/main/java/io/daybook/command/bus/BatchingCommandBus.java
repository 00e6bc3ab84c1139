package io.daybook.command.bus;

import static org.axonframework.commandhandling.GenericCommandResultMessage.asCommandResultMessage;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.common.Registration;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * A command bus whose handling is batched: commands with the same routing key go to the same writer, a writer takes what
 * waits, up to a bound, and handles it in one {@code BatchingUnitOfWork} and one transaction. The callers are answered
 * when it is durable; the writer handles the next batch meanwhile. The busier it is, the larger the batches; under light load
 * a batch is one command.
 *
 * <p>A handler tells a refusal by its result. An exception means that something is wrong: the batch is rolled back and its
 * commands are handled again one by one, so that only the one at fault fails.
 *
 * <p>Callbacks are called on the thread that makes batches durable, or on the writer's, and must be trivial.
 */
public final class BatchingCommandBus implements CommandBus, AutoCloseable {

    /**
     * @param writers how many writers there are; each is one thread with one connection
     * @param queueCapacity how many commands may wait at a writer; one more is answered with
     *     {@link CommandQueueFullException}
     * @param maxBatchWeight the weight at which a batch is closed; one heavier command is a batch of its own
     * @param openers how many keys are opened at the same time
     * @param minWeightAhead about what weight must wait for a batch to be handled while others are on their way; 1 to handle
     *     any. Less waits until these have arrived: it could not be made durable sooner, and what comes meanwhile shares with
     *     it what a batch costs
     * @param maxOnTheWay how many batches of a writer may be handled and not durable yet. What waits meanwhile makes the next
     *     batch larger; more of them on the way would be smaller ones
     * @param stopTimeout how long the end waits for what is under way
     */
    public record Settings(
            int writers,
            int queueCapacity,
            int maxBatchWeight,
            int openers,
            int minWeightAhead,
            int maxOnTheWay,
            Duration stopTimeout) {

        public Settings {
            if (writers < 1
                    || queueCapacity < 1
                    || maxBatchWeight < 1
                    || openers < 1
                    || minWeightAhead < 1
                    || maxOnTheWay < 1) {
                throw new IllegalArgumentException(
                        "writers, queue capacity, weights, openers and batches on the way are at least 1");
            }
        }
    }

    static final String ON_THE_WAY = BatchingCommandBus.class.getName() + ".onTheWay";

    private final Map<String, MessageHandler<? super CommandMessage<?>>> handlers = new ConcurrentHashMap<>();
    private final List<MessageDispatchInterceptor<? super CommandMessage<?>>> dispatchInterceptors =
            new CopyOnWriteArrayList<>();
    private final List<MessageHandlerInterceptor<? super CommandMessage<?>>> handlerInterceptors =
            new CopyOnWriteArrayList<>();
    private final Settings settings;
    private final Function<CommandMessage<?>, String> routingKey;
    private final ExecutorService openers;
    private final List<CommandWriter> writers;

    /**
     * @param routingKey what tells commands that must be handled one after the other
     * @param weight about how many events a command leads to, at least 1
     * @param opener brings into memory what the commands of a key need, while those of other keys go on
     * @param durability what a batch's callers wait for
     * @param listener hears of each batch
     */
    public BatchingCommandBus(
            Settings settings,
            TransactionManager transactions,
            Function<CommandMessage<?>, String> routingKey,
            ToIntFunction<CommandMessage<?>> weight,
            Opener opener,
            Durability durability,
            BatchListener listener) {
        this.settings = settings;
        this.routingKey = routingKey;
        this.openers = Executors.newFixedThreadPool(
                settings.openers(), Thread.ofPlatform().name("opener-", 0).factory());
        this.writers = IntStream.range(0, settings.writers())
                .mapToObj(i -> new CommandWriter(
                        "ledger-writer-" + i,
                        settings,
                        transactions,
                        weight,
                        handlers::get,
                        handlerInterceptors,
                        opener,
                        durability,
                        openers,
                        listener))
                .toList();
    }

    /**
     * The units of work of the same writer that had committed, but were perhaps not durable yet, when this one began, in their
     * order: what a handler finds in memory rests on them, and what it finds in the store may not have come of them yet.
     */
    public static List<UnitOfWork<?>> onTheWay(UnitOfWork<?> unit) {
        return unit.getResource(ON_THE_WAY);
    }

    @Override
    public <C> void dispatch(CommandMessage<C> command) {
        dispatch(command, (message, result) -> {});
    }

    @Override
    public <C, R> void dispatch(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        CommandMessage<C> intercepted = intercept(command);
        if (!handlers.containsKey(intercepted.getCommandName())) {
            callback.onResult(intercepted, asCommandResultMessage(new NoHandlerForCommandException(intercepted)));
            return;
        }
        String key = routingKey.apply(intercepted);
        writers.get(Math.floorMod(key.hashCode(), writers.size())).submit(key, intercepted, callback);
    }

    @SuppressWarnings("unchecked")
    private <C> CommandMessage<C> intercept(CommandMessage<C> command) {
        CommandMessage<C> intercepted = command;
        for (MessageDispatchInterceptor<? super CommandMessage<?>> interceptor : dispatchInterceptors) {
            intercepted = (CommandMessage<C>) interceptor.handle(intercepted);
        }
        return intercepted;
    }

    @Override
    public Registration subscribe(String commandName, MessageHandler<? super CommandMessage<?>> handler) {
        handlers.put(commandName, handler);
        return () -> handlers.remove(commandName, handler);
    }

    @Override
    public Registration registerDispatchInterceptor(MessageDispatchInterceptor<? super CommandMessage<?>> interceptor) {
        dispatchInterceptors.add(interceptor);
        return () -> dispatchInterceptors.remove(interceptor);
    }

    @Override
    public Registration registerHandlerInterceptor(MessageHandlerInterceptor<? super CommandMessage<?>> interceptor) {
        handlerInterceptors.add(interceptor);
        return () -> handlerInterceptors.remove(interceptor);
    }

    /** How many commands are waiting at the writer that has the most. When that is as many as may wait, more are refused. */
    public int longestQueue() {
        return writers.stream().mapToInt(CommandWriter::waiting).max().orElseThrow();
    }

    public Settings settings() {
        return settings;
    }

    /** Takes no more commands, handles those that wait, and ends the writers. */
    @Override
    public void close() {
        writers.forEach(CommandWriter::stopTaking);
        writers.forEach(writer -> writer.awaitEnd(settings.stopTimeout()));
        openers.shutdown();
    }
}
