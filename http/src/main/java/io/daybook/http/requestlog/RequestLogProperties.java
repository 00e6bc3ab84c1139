package io.daybook.http.requestlog;

import static io.daybook.settings.Limits.within;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code daybook.requests.*}: the way of records of requests to Kafka.
 *
 * @param capacity records that may wait for the producer, 1 to 10,000,000; one more is dropped, and counted
 * @param producerBytes what may wait in the producer for Kafka, 1 MiB to 1 GiB
 * @param batchBytes what it sends to a partition at once, 1 KiB to 1 MiB
 * @param linger how long it collects that, 0 to 10 s
 * @param retry the pause before it is tried again to reach Kafka, 10 ms to 10 min
 * @param stopTimeout how long those that wait are sent at the end, 100 ms to 10 min
 */
@ConfigurationProperties("daybook.requests")
public record RequestLogProperties(
        @DefaultValue("10000") int capacity,
        @DefaultValue("8388608") long producerBytes,
        @DefaultValue("65536") int batchBytes,
        @DefaultValue("50ms") Duration linger,
        @DefaultValue("1s") Duration retry,
        @DefaultValue("5s") Duration stopTimeout) {

    private static final Duration MOST = Duration.ofMinutes(10);

    public RequestLogProperties {
        within("daybook.requests.capacity", capacity, 1, 10_000_000);
        within("daybook.requests.producer-bytes", producerBytes, 1024 * 1024, 1024 * 1024 * 1024);
        within("daybook.requests.batch-bytes", batchBytes, 1_024, 1024 * 1024);
        within("daybook.requests.linger", linger, Duration.ZERO, Duration.ofSeconds(10));
        within("daybook.requests.retry", retry, Duration.ofMillis(10), MOST);
        within("daybook.requests.stop-timeout", stopTimeout, Duration.ofMillis(100), MOST);
    }
}
