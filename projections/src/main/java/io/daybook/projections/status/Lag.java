package io.daybook.projections.status;

import io.daybook.projections.posting.RunningProjection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a projection is behind, as one thread saw it last: what it has still to read in Kafka, and, if that is more, what
 * its store lacks of what the journal has. Safe for others to ask.
 */
public final class Lag {

    /**
     * @param events how many it had still to read
     * @param allReadAt when it had read all, or null if that was not seen yet
     * @param known what was in Kafka when this was last noted, and has not all been read since
     * @param knownAt when that was
     */
    private record Seen(long events, @Nullable Instant allReadAt, EndOfTopic.Extent known, Instant knownAt) {}

    private final RunningProjection projection;
    private final EndOfTopic end;
    private volatile @Nullable Seen seen;
    private volatile InStore inStore = new InStore(0, Duration.ZERO);

    /** What the guard has found: how many events the store lacks, and for how long some of them. */
    private record InStore(long behind, Duration time) {}

    Lag(RunningProjection projection, EndOfTopic end) {
        this.projection = projection;
        this.end = end;
    }

    public RunningProjection projection() {
        return projection;
    }

    void look() {
        EndOfTopic.Extent extent = end.extent();
        if (extent == null) {
            return; // A projection that is behind would look as if it had read all.
        }
        Map<TopicPartition, Long> positions = projection.positions();
        long events = extent.behind(positions);
        Instant now = Instant.now();
        Seen before = seen;
        boolean isNoted = before != null && events > 0 && before.known().behind(positions) > 0;
        seen = new Seen(
                events,
                events == 0 ? now : before == null ? null : before.allReadAt(),
                isNoted ? before.known() : extent,
                isNoted ? before.knownAt() : now);
    }

    void inStore(long behind, Duration time) {
        inStore = new InStore(behind, time);
    }

    /** How many events its store lacks, or it has still to read. */
    public long events() {
        return Math.max(unread(), inStore.behind());
    }

    /** For how long there have been events that it lacks, or has still to read. */
    public Duration time() {
        Duration unread = unreadTime();
        Duration lacking = inStore.time();
        return unread.compareTo(lacking) > 0 ? unread : lacking;
    }

    /** How many events it has still to read. */
    long unread() {
        Seen now = seen;
        return now == null ? 0 : now.events();
    }

    /**
     * For how long there have been events to read: they came after the last one that it has posted, and after it had read all.
     * Until it has posted one, or if another node does, for how long this process has known of some of them.
     */
    Duration unreadTime() {
        Seen now = seen;
        if (now == null || now.events() == 0) {
            return Duration.ZERO;
        }
        Instant last = projection.isReading() ? projection.status().lastRecordedAt() : null;
        Instant from = last == null ? now.knownAt() : latest(last, now.allReadAt());
        Duration time = Duration.between(from, Instant.now());
        return time.isNegative() ? Duration.ZERO : time;
    }

    private static Instant latest(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }
}
