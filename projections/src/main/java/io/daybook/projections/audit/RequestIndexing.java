package io.daybook.projections.audit;

import io.daybook.messages.RequestRecord;
import io.daybook.messages.RequestsTopic;
import io.daybook.projections.settings.ProjectionsProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;

/**
 * Takes requests from Kafka into the audit. Its place in Kafka moves on when Elasticsearch has what was read, so after a crash
 * requests come again; a record's id is its document's, so one that is there already stays as it is. While Elasticsearch is away
 * it waits.
 */
public final class RequestIndexing implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RequestIndexing.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final AuditStream stream;
    private final RequestsTopic topic;
    private final ProjectionsProperties.RequestIndexing settings;
    private volatile boolean running;
    private volatile long indexed;
    private volatile long unreadable;
    private volatile long behind;
    private volatile @Nullable String detail;
    private @Nullable Thread thread;

    RequestIndexing(AuditStream stream, RequestsTopic topic, ProjectionsProperties.RequestIndexing settings) {
        this.stream = stream;
        this.topic = topic;
        this.settings = settings;
    }

    /** How many requests it has given to Elasticsearch since the start. */
    public long indexed() {
        return indexed;
    }

    /** How many messages since the start were no records of requests, and are not in the audit. */
    public long unreadable() {
        return unreadable;
    }

    /** How many requests were in its part of Kafka, and not in Elasticsearch, when it last looked. */
    public long behind() {
        return behind;
    }

    /** Why it does not go on, or null if it does. */
    public @Nullable String detail() {
        return detail;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("audit-requests").daemon().start(this::run);
    }

    private void run() {
        while (running) {
            try {
                topic.declare();
                stream.prepare();
                consume();
            } catch (InterruptedException e) {
                LOG.debug("requests are no longer taken into the audit", e);
            } catch (IOException | ExecutionException | KafkaException e) {
                stopped(e);
            } catch (RuntimeException e) {
                LOG.error("an error stopped the way of requests into the audit, trying again", e);
                stopped(e);
            }
        }
    }

    private void stopped(Exception reason) {
        if (detail == null) {
            LOG.warn("requests wait in Kafka for the audit: {}", reason.toString());
        }
        detail = reason.toString();
        try {
            Thread.sleep(settings.retry());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void consume() throws IOException, InterruptedException {
        Map<String, Object> configuration = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                topic.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                topic.name(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                settings.maxBatch(),
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                settings.fetchBytes(),
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                (int) settings.fetchWait().toMillis());
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(configuration, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic.name()));
            while (running) {
                ConsumerRecords<String, byte[]> messages = consumer.poll(POLL);
                long waiting = consumer.assignment().stream()
                        .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                        .sum();
                behind = waiting + messages.count();
                if (!messages.isEmpty()) {
                    List<RequestRecord> requests = read(messages);
                    stream.add(documents(requests));
                    consumer.commitSync();
                    indexed += requests.size();
                    behind = waiting;
                }
                if (detail != null) {
                    LOG.info("requests come into the audit again");
                    detail = null;
                }
            }
        }
    }

    private static Map<String, Map<String, Object>> documents(List<RequestRecord> requests) {
        Map<String, Map<String, Object>> documents = new LinkedHashMap<>();
        requests.forEach(request -> documents.put(request.id(), RequestDocument.of(request)));
        return documents;
    }

    /** What cannot be read stays in Kafka; the log tells where. */
    private List<RequestRecord> read(ConsumerRecords<String, byte[]> messages) {
        List<RequestRecord> requests = new ArrayList<>(messages.count());
        for (ConsumerRecord<String, byte[]> message : messages) {
            try {
                requests.add(RequestRecord.ofJson(message.value()));
            } catch (JacksonException | IllegalArgumentException e) {
                unreadable++;
                LOG.error(
                        "what stands in {}-{} at {} is not a record of a request; it is left out of the audit: {}",
                        topic.name(),
                        message.partition(),
                        message.offset(),
                        e.toString());
            }
        }
        return requests;
    }

    @Override
    public void stop() {
        running = false;
        try {
            if (thread != null && !thread.join(settings.stopTimeout())) {
                LOG.error("requests were still being taken into the audit after {}", settings.stopTimeout());
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
