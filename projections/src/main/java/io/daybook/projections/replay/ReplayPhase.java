package io.daybook.projections.replay;

import io.daybook.projections.posting.RunningProjection;
import java.time.Instant;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * How far a node is with a generation that is being built. All that must not be lost is in tables; what is here is found out
 * again by the next node, or the next process.
 *
 * <pre>
 *   Idle ─► PostingFromStore ─► PostingFromKafka ─► Checked ─► Checked, and posted to again ─► exchanged, or compared
 *     └──────────────────────────────▲  ▲                │
 *                                       └─── is not so any more
 * </pre>
 */
sealed interface ReplayPhase {

    /** Nothing is posted here. */
    ReplayPhase IDLE = new Idle();

    /** What posts to the generation, here; null for nothing. */
    @Nullable RunningProjection posting();

    /** The same when nothing is posted here any more. */
    default ReplayPhase stopped() {
        return IDLE;
    }

    record Idle() implements ReplayPhase {

        @Override
        public @Nullable RunningProjection posting() {
            return null;
        }
    }

    /**
     * Events come from the event store.
     *
     * @param handOver where it will go on from Kafka; null until it is near the end
     */
    record PostingFromStore(
            RunningProjection posting, @Nullable HandOver handOver) implements ReplayPhase {}

    /**
     * From the event store to Kafka.
     *
     * @param live how far the live generation had read in Kafka
     * @param position how far the journal went after that: so all that is in Kafka up to there is in the journal up to here
     */
    record HandOver(@Nullable TrackingToken live, long position) {}

    /**
     * Events come from Kafka.
     *
     * @param nearlyThereSince when there were few left for the first time; null before
     */
    record PostingFromKafka(
            RunningProjection posting, @Nullable Instant nearlyThereSince) implements ReplayPhase {}

    /**
     * It was found right, with nobody posting to it.
     *
     * @param generation its number
     * @param awaited how far some ledgers have still to come
     * @param posting null until it is posted to again
     */
    record Checked(
            int generation,
            AwaitedLedgers awaited,
            @Nullable RunningProjection posting) implements ReplayPhase {

        @Override
        public ReplayPhase stopped() {
            return new Checked(generation, awaited, null);
        }
    }
}
