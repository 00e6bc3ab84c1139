package io.daybook.http.requestlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.daybook.http.TraceContext;
import io.daybook.messages.RequestRecord;
import io.daybook.messages.RequestsTopic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Takes records of requests to Kafka, beside the requests: whoever gives one never waits and never fails. While Kafka is away
 * what fits into the buffers waits for it; what comes then is dropped, and counted.
 */
public final class RequestLog implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private record Entry(RequestRecord record, TraceContext trace) {}

    private final BlockingQueue<Entry> buffer;
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AtomicLong warnAfterNanos = new AtomicLong(System.nanoTime());
    private final RequestsTopic topic;
    private final RequestLogProperties settings;
    private volatile boolean running;
    private volatile boolean sending;
    private @Nullable Thread thread;

    RequestLog(RequestsTopic topic, RequestLogProperties settings) {
        this.topic = topic;
        this.settings = settings;
        this.buffer = new ArrayBlockingQueue<>(settings.capacity());
    }

    /** Takes a record, or drops it if too many are waiting. */
    void offer(RequestRecord record, TraceContext trace) {
        if (!buffer.offer(new Entry(record, trace))) {
            drop();
        }
    }

    /** Counts a request of which no record reaches Kafka. */
    void drop() {
        dropped.increment();
        long due = warnAfterNanos.get();
        long now = System.nanoTime();
        if (now - due >= 0 && warnAfterNanos.compareAndSet(due, now + BETWEEN_WARNINGS.toNanos())) {
            LOG.warn(
                    "{} requests so far are not in {}: see that Kafka at {} is up; requests are answered all the same",
                    dropped.sum(),
                    topic.name(),
                    topic.bootstrapServers());
        }
    }

    /** How many records Kafka has taken since the start. */
    public long sent() {
        return sent.sum();
    }

    /** How many requests since the start are not recorded, because too many waited or Kafka refused. */
    public long dropped() {
        return dropped.sum();
    }

    /** How many records wait for the producer at the moment. */
    public int waiting() {
        return buffer.size();
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("request-log").daemon().start(this::run);
    }

    private void run() {
        while (running) {
            try {
                topic.declare();
                send();
            } catch (InterruptedException | InterruptException e) {
                LOG.debug("the log of requests ends", e);
            } catch (ExecutionException | KafkaException e) {
                LOG.warn("requests wait, as Kafka does not take them: {}", e.toString());
                pause();
            } catch (RuntimeException e) {
                LOG.error("the log of requests was stopped by an error, trying again", e);
                pause();
            }
        }
    }

    /** Sends until it is stopped, and then what is left. While Kafka is away it waits inside the producer. */
    private void send() throws InterruptedException {
        KafkaProducer<String, byte[]> producer = producer();
        sending = true;
        try {
            while (running || !buffer.isEmpty()) {
                Entry next = buffer.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    producer.send(message(next), (metadata, failure) -> {
                        if (failure == null) {
                            sent.increment();
                        } else {
                            drop();
                        }
                    });
                }
            }
        } finally {
            sending = false;
            producer.close(settings.stopTimeout());
        }
    }

    private ProducerRecord<String, byte[]> message(Entry entry) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                topic.name(), entry.record().id(), entry.record().toJson());
        TraceContext trace = entry.trace();
        message.headers().add(TraceContext.TRACEPARENT, trace.asParent().getBytes(UTF_8));
        if (trace.state() != null) {
            message.headers().add(TraceContext.TRACESTATE, trace.state().getBytes(UTF_8));
        }
        return message;
    }

    private KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        topic.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.LINGER_MS_CONFIG,
                        (int) settings.linger().toMillis(),
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        settings.batchBytes(),
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        settings.producerBytes(),
                        // What was taken once is kept until Kafka is back, however long that takes.
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        Long.MAX_VALUE,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Integer.MAX_VALUE),
                new StringSerializer(),
                new ByteArraySerializer());
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
        Thread sender = thread;
        try {
            if (sender != null && !(sending && sender.join(settings.stopTimeout()))) {
                sender.interrupt();
                sender.join(settings.stopTimeout());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!buffer.isEmpty()) {
            LOG.warn("{} requests are not recorded, as Kafka does not take them", buffer.size());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** It ends after the web server, when there are no more requests. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }
}
