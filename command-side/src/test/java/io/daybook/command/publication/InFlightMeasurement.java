package io.daybook.command.publication;

import io.daybook.messages.EventsInKafka;
import io.daybook.messages.EventsTopic;
import io.daybook.services.SharedServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What it costs to have one request in flight and not five. It prints; run it with {@code -Ddaybook.measure=true}. */
@EnabledIfSystemProperty(named = "daybook.measure", matches = "true")
class InFlightMeasurement {

    private static final int BATCHES = 100;
    private static final int BATCH = 2_000;
    private static final String EVENT = "x".repeat(500);

    @Test
    void of_one_against_five() throws Exception {
        String kafka = SharedServices.get().isolated().get("daybook.kafka.bootstrap-servers");
        String topic = EventsInKafka.topic("t" + UUID.randomUUID());
        new EventsTopic(kafka, topic, 12, 1).declare();
        for (int round = 0; round < 5; round++) {
            double one = rate(kafka, topic, 1);
            double five = rate(kafka, topic, 5);
            System.out.printf("round %d: one %,.0f/s, five %,.0f/s, ratio %.2f%n", round, one, five, one / five);
        }
    }

    /** Messages a second, in batches that are each acknowledged before the next, as the publication does. */
    private static double rate(String kafka, String topic, int inFlight) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        2,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        inFlight),
                new StringSerializer(),
                new StringSerializer())) {
            long start = System.nanoTime();
            for (int batch = 0; batch < BATCHES; batch++) {
                List<Future<?>> sent = new ArrayList<>(BATCH);
                for (int i = 0; i < BATCH; i++) {
                    sent.add(producer.send(new ProducerRecord<>(topic, "ledger-" + i % 64, EVENT)));
                }
                for (Future<?> acknowledgement : sent) {
                    acknowledgement.get();
                }
            }
            return BATCHES * BATCH / ((System.nanoTime() - start) / 1e9);
        }
    }
}
