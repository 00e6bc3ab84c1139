package io.daybook.command.intake;

import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.bus.CommandQueueFullException;
import io.daybook.command.bus.StoreOutage;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.reply.Replies;
import io.daybook.command.reply.Reply;
import io.daybook.command.settings.CommandSideProperties.Async;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;

/**
 * Handles the commands that wait in Kafka: those of one ledger one after the other, those of different ledgers side by
 * side. Its place in Kafka moves on when the outcomes of all it has read are known, so after a crash a command may be
 * handled again; as each has an identity, that changes nothing.
 */
final class CommandConsumer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CommandConsumer.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    /** The shortest that brokers allow as they come. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    private final CommandBus bus;
    private final AsyncOutcomes outcomes;
    private final CommandTopic topic;
    private final Async settings;
    private volatile boolean running;
    private @Nullable Thread thread;

    CommandConsumer(CommandBus bus, AsyncOutcomes outcomes, CommandTopic topic, Async settings) {
        this.bus = bus;
        this.outcomes = outcomes;
        this.topic = topic;
        this.settings = settings;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("async-commands").start(this::run);
    }

    private void run() {
        while (running) {
            try {
                topic.declare();
                consume();
            } catch (InterruptedException | WakeupException e) {
                LOG.debug("asynchronous commands end", e);
            } catch (ExecutionException | KafkaException e) {
                LOG.warn("asynchronous commands cannot be read from Kafka, trying again: {}", e.toString());
                pause();
            } catch (RuntimeException e) {
                LOG.error("asynchronous commands were stopped by an error, trying again", e);
                pause();
            }
        }
    }

    private void consume() throws InterruptedException {
        Map<String, Object> configuration = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                topic.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                topic.name(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                // The partitions of a node that is killed are taken over by others after so long.
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                (int) SESSION_TIMEOUT.toMillis(),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                (int) SESSION_TIMEOUT.dividedBy(4).toMillis(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                settings.maxCommands(),
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                CommandTopic.MAX_MESSAGE_BYTES);
        try (KafkaConsumer<String, byte[]> consumer =
                        new KafkaConsumer<>(configuration, new StringDeserializer(), new ByteArrayDeserializer());
                ExecutorService ledgers = Executors.newVirtualThreadPerTaskExecutor()) {
            consumer.subscribe(List.of(topic.name()));
            while (running) {
                Map<String, List<ConsumerRecord<String, byte[]>>> byLedger = new LinkedHashMap<>();
                consumer.poll(POLL)
                        .forEach(command -> byLedger.computeIfAbsent(command.key(), ledger -> new ArrayList<>())
                                .add(command));
                List<Future<?>> handled = new ArrayList<>();
                byLedger.values().forEach(commands -> handled.add(ledgers.submit(() -> handleInOrder(commands))));
                for (Future<?> ledger : handled) {
                    await(ledger);
                }
                if (running && !handled.isEmpty()) {
                    consumer.commitSync();
                }
            }
        }
    }

    private static void await(Future<?> ledger) throws InterruptedException {
        try {
            ledger.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("commands of a ledger were not handled", e.getCause());
        }
    }

    private void handleInOrder(List<ConsumerRecord<String, byte[]>> commands) {
        for (ConsumerRecord<String, byte[]> waiting : commands) {
            AsyncCommand command;
            try {
                command = AsyncCommand.ofJson(waiting.value());
            } catch (JacksonException e) {
                LOG.error(
                        "what stands in {}-{} at {} is not a command of this version of Daybook; it is left out",
                        topic,
                        waiting.partition(),
                        waiting.offset(),
                        e);
                continue;
            }
            Reply reply = handle(command);
            if (reply == null) {
                return;
            }
            tell(command, reply);
        }
    }

    /** Tries until there is an outcome; null if that was ended by {@link #stop}. */
    private @Nullable Reply handle(AsyncCommand waiting) {
        LedgerCommand command = waiting.command();
        while (running) {
            CompletableFuture<LedgerAnswer> answer =
                    CommandIntake.send(bus, command, waiting.requestId(), waiting.actor(), waiting.trace());
            try {
                return Replies.of(command, answer.get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof CommandQueueFullException)
                        && !(e.getCause() instanceof ConcurrencyException)
                        && !StoreOutage.isCauseOf(e.getCause())) {
                    LOG.error("asynchronous command {} failed", waiting.id(), e.getCause());
                    return Reply.of(Problem.of(
                            ProblemCode.INTERNAL_ERROR,
                            "the command failed and may be tried again; the log tells more under " + waiting.id()));
                }
                LOG.warn(
                        "asynchronous command {} has to wait: {}",
                        waiting.id(),
                        e.getCause().toString());
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    private void tell(AsyncCommand command, Reply reply) {
        while (running) {
            try {
                outcomes.done(command.id(), command.command().ledger(), reply);
                return;
            } catch (RedisException e) {
                LOG.warn("the outcome of command {} cannot be told yet: {}", command.id(), e.toString());
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(settings.retry());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
        try {
            if (thread != null && !thread.join(settings.stopTimeout())) {
                LOG.error("asynchronous commands did not end within {}", settings.stopTimeout());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
