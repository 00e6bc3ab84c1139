package io.daybook.projections.posting;

import io.daybook.projections.projection.Reasons;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a projection tells of itself as it works. Safe for use by several threads. */
public final class ProjectionStatus {

    private final String name;
    private final Supplier<@Nullable String> loss;
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Instant lastRecordedAt;
    private volatile long parked;
    private volatile @Nullable Long incomplete;
    private volatile long healed;
    private volatile boolean started;
    private volatile @Nullable String detail;

    /**
     * @param loss gives what its store has lost, or null if nothing
     */
    ProjectionStatus(String name, Supplier<@Nullable String> loss) {
        this.name = name;
        this.loss = loss;
    }

    public String name() {
        return name;
    }

    void started() {
        started = true;
        detail = null;
    }

    /** Whether it reads events, or is still waiting for what it needs. */
    public boolean hasStarted() {
        return started;
    }

    /**
     * A batch is dealt with.
     *
     * @param events how many of it are in the store; the others are parked
     * @param recordedAt when the last of its events was recorded, or null if that cannot be read
     */
    void applied(int events, @Nullable Instant recordedAt) {
        applied.addAndGet(events);
        if (recordedAt != null) {
            lastRecordedAt = recordedAt;
        }
        detail = null;
    }

    /** A batch could not be applied; it will be tried again. */
    void stopped(Exception reason) {
        failures.incrementAndGet();
        detail = Reasons.of(reason);
    }

    /** Its live generation has so many events that wait, as was just seen. */
    public void parked(long events) {
        parked = events;
    }

    /**
     * What the guard has found, as was just seen.
     *
     * @param incomplete how many ledgers are incomplete, or null if that is not known
     * @param healed how many were healed, ever
     */
    public void guarded(@Nullable Long incomplete, long healed) {
        this.incomplete = incomplete;
        this.healed = healed;
    }

    /** How many ledgers of the live generation are incomplete; null if that is not known. */
    public @Nullable Long incomplete() {
        return incomplete;
    }

    /** How many ledgers were found incomplete, and healed, since there is a guard. */
    public long healed() {
        return healed;
    }

    /** How many events of the live generation could not be posted, or follow one that could not. */
    public long parked() {
        return parked;
    }

    /** How many it has posted since it started. */
    public long applied() {
        return applied.get();
    }

    /** How often a batch could not be applied, or it could not start. */
    public long failures() {
        return failures.get();
    }

    public @Nullable Instant lastRecordedAt() {
        return lastRecordedAt;
    }

    /** Why it does not go on, or null if it does. With nothing to post it goes on, but not if its store has lost what it had. */
    public @Nullable String detail() {
        String reason = detail;
        return reason == null ? loss.get() : reason;
    }
}
