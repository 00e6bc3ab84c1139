package io.daybook.projections.feed;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a projection tells of itself as it works. Safe for use by several threads. */
public final class ProjectionStatus {

    private final String name;
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Instant lastRecordedAt;
    private volatile boolean started;
    private volatile @Nullable String detail;

    ProjectionStatus(String name) {
        this.name = name;
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
     * A batch is in the store.
     *
     * @param recordedAt when the last of its events was recorded
     */
    void applied(int events, Instant recordedAt) {
        applied.addAndGet(events);
        lastRecordedAt = recordedAt;
        detail = null;
    }

    /** A batch could not be applied; it will be tried again. */
    void stopped(Exception reason) {
        failures.incrementAndGet();
        Throwable root = reason;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        detail = root.getMessage() == null ? root.toString() : root.getMessage();
    }

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

    /** Why it does not go on, or null if it does. */
    public @Nullable String detail() {
        return detail;
    }
}
