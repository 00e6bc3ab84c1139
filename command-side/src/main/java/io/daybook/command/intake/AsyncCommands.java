package io.daybook.command.intake;

import io.daybook.command.ledger.LedgerCommand;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** Takes commands for later: one is accepted when Kafka has it on all its replicas, and not before. */
final class AsyncCommands implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncCommands.class);

    private final CommandTopic topic;
    private final AsyncOutcomes outcomes;
    private final Duration timeout;
    private @Nullable KafkaProducer<String, byte[]> producer;

    /** What the client of an accepted command is told. */
    record Accepted(UUID id, String state, String outcome) {}

    /**
     * @param timeout how long Kafka may take to acknowledge a command
     */
    AsyncCommands(CommandTopic topic, AsyncOutcomes outcomes, Duration timeout) {
        this.topic = topic;
        this.outcomes = outcomes;
        this.timeout = timeout;
    }

    /**
     * @throws ProblemException if Kafka did not acknowledge in time. It may have the command all the same: repeated with
     *     its idempotency key, it has its effect once.
     */
    ResponseEntity<Object> accept(UUID id, LedgerCommand command, Caller caller) {
        byte[] value = new AsyncCommand(
                        id, caller.requestId(), caller.actor(), caller.trace().givenTrace(), command)
                .toJson();
        try {
            producer()
                    .send(new ProducerRecord<>(topic.name(), command.ledger().value(), value))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("Kafka did not take a command: {}", e.toString());
            throw unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
        try {
            outcomes.pending(id, command.ledger());
        } catch (RedisException e) {
            LOG.warn("command {} is accepted, but nobody can see yet that it waits: {}", id, e.toString());
        }
        String location = "/v1/commands/" + id;
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .header(HttpHeaders.LOCATION, location)
                .header(Headers.PREFERENCE_APPLIED, Headers.RESPOND_ASYNC)
                .body(new Accepted(id, "pending", location));
    }

    private ProblemException unavailable() {
        return new ProblemException(
                Problem.of(
                        ProblemCode.UNAVAILABLE,
                        "Kafka did not acknowledge the command; it is not known whether it was accepted: repeat it with"
                                + " the same Idempotency-Key or id, or without Prefer: respond-async"),
                timeout);
    }

    private synchronized KafkaProducer<String, byte[]> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.of(
                            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            topic.bootstrapServers(),
                            ProducerConfig.ACKS_CONFIG,
                            "all",
                            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                            true,
                            ProducerConfig.MAX_BLOCK_MS_CONFIG,
                            (int) timeout.toMillis(),
                            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                            CommandTopic.MAX_MESSAGE_BYTES,
                            ProducerConfig.COMPRESSION_TYPE_CONFIG,
                            "lz4"),
                    new StringSerializer(),
                    new ByteArraySerializer());
        }
        return producer;
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(timeout);
        }
    }
}
