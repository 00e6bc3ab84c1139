package io.daybook.http.health;

import io.daybook.http.health.StoreHealth.Question;
import io.daybook.messages.Topics;
import io.daybook.settings.KafkaProperties;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/** What stores are asked to see whether they answer. */
public final class StoreQuestions {

    /** How long a store may take. Who asks for the readiness does not wait much longer. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    private StoreQuestions() {}

    /** The brokers of Kafka. */
    public static Question kafka(KafkaProperties kafka) {
        return () -> {
            try (Admin admin = Topics.admin(kafka.bootstrapServers(), PATIENCE)) {
                admin.describeCluster().clusterId().get();
            }
        };
    }
}
