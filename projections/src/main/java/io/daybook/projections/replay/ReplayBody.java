package io.daybook.projections.replay;

import static io.daybook.http.ProblemException.invalidField;
import static io.daybook.http.RequestValues.required;

import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for with {@code POST /v1/operations/replays}.
 *
 * @param projection the name of one, or {@value #ALL}
 * @param source kafka, unless something else is said
 * @param parallel by how many threads a new generation is posted
 * @param ledger only this one is posted anew, in its place
 * @param fromSequence from this event of the ledger on
 * @param fromTime from the first event on that was recorded then or later
 */
record ReplayBody(
        @Nullable String projection,
        @Nullable String source,
        @Nullable Integer parallel,
        @Nullable Boolean dryRun,
        @Nullable String ledger,
        @Nullable Long fromSequence,
        @Nullable String fromTime) {

    private static final String ALL = "all";
    private static final String AUDIT = "audit";

    /** As many as there are partitions in Kafka. */
    private static final int MAX_PARALLEL = 12;

    /** One thread has its database work while the other makes the next batch; more gave nothing on two processors. */
    private static final int DEFAULT_PARALLEL = 2;

    /**
     * The projections that it is about.
     *
     * @param known all that there are
     */
    List<String> projections(List<String> known) {
        String name = required("projection", projection);
        if (name.equals(ALL)) {
            return known;
        }
        if (!known.contains(name)) {
            throw invalidField("projection", "is one of " + String.join(", ", known) + ", " + ALL);
        }
        return List.of(name);
    }

    /** Whether it is about all that a projection has. */
    boolean isWhole() {
        return ledger == null && fromSequence == null && fromTime == null;
    }

    boolean isDryRun() {
        return Boolean.TRUE.equals(dryRun);
    }

    int threads() {
        return Objects.requireNonNullElse(parallel, DEFAULT_PARALLEL);
    }

    ReplaySource sourceOfEvents() {
        return source == null
                ? ReplaySource.KAFKA
                : Arrays.stream(ReplaySource.values())
                        .filter(candidate -> candidate.label().equals(source))
                        .findFirst()
                        .orElseThrow(() -> invalidField("source", "is one of kafka, store"));
    }

    @Nullable LedgerId only() {
        return ledger == null ? null : RequestValues.ledger(ledger);
    }

    /** The time from which on events are wanted; null if nothing is said of it. */
    @Nullable Instant since() {
        return fromTime == null ? null : RequestValues.time("fromTime", fromTime);
    }

    /** The first sequence that is wanted; 1 if nothing is said of it. */
    long first() {
        return fromSequence == null ? 1 : fromSequence;
    }

    /** That nothing is asked for that cannot be done, or not in this way. */
    void requireFitting() {
        if (parallel != null && (parallel < 1 || parallel > MAX_PARALLEL)) {
            throw invalidField("parallel", "is 1 to " + MAX_PARALLEL);
        }
        if (fromSequence != null && fromTime != null) {
            throw invalidField("fromTime", "is given instead of fromSequence, not beside it");
        }
        if ((fromSequence != null || fromTime != null) && !AUDIT.equals(projection)) {
            throw invalidField(
                    fromSequence == null ? "fromTime" : "fromSequence",
                    "balances and books cannot be posted from the middle on: a balance, and each line of a statement, is"
                            + " what all events before have made. Leave it out, or replay the audit, where each event stands"
                            + " for itself");
        }
        if (fromSequence != null && ledger == null) {
            throw invalidField("ledger", "is required with fromSequence, which counts the events of one ledger");
        }
        if (fromSequence != null && fromSequence < 1) {
            throw invalidField("fromSequence", "a ledger's first event has sequence 1");
        }
        if (isDryRun() && !isWhole()) {
            throw invalidField(
                    "dryRun",
                    "compares all that a projection has with what it would have: leave out ledger, fromSequence and"
                            + " fromTime");
        }
        if (parallel != null && !isWhole()) {
            throw invalidField(
                    "parallel",
                    "is for all that a projection has, as each thread posts ledgers of its own: leave it out with ledger,"
                            + " fromSequence and fromTime");
        }
    }
}
