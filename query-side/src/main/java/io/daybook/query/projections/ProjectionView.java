package io.daybook.query.projections;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.daybook.query.store.ParkedLedgers.ParkedLedger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a projection tells of itself.
 *
 * @param generation counts how often it was posted anew
 * @param state running, replaying, incomplete, stopped, or not-running if it has told nothing for ten seconds
 * @param lagEvents events that it has still to read, or that its store lacks
 * @param lagMillis for how long there have been some, in milliseconds
 * @param rate events a second, over the last seconds
 * @param parked events that it could not post, and those that follow them in their ledgers
 * @param incomplete ledgers of which its store lacks something, or has too much; null if that is not known
 * @param detail why it is stopped, or null
 * @param rebuild that of what it has posted, if that is of an older format than the present one; or null
 * @param parkedLedgers the ledgers that these are of; at most a hundred, those first that have waited longest
 */
record ProjectionView(
        String name,
        int generation,
        String state,
        long lagEvents,
        long lagMillis,
        double rate,
        long parked,
        @Nullable Long incomplete,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String detail,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RebuildView rebuild,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ParkedView> parkedLedgers) {

    /** What becomes of a rebuild. */
    enum RebuildState {
        /** It begins by itself, as soon as nothing else is under way. */
        DUE,
        RUNNING,
        /** Somebody has paused it, or what it has built is wrong; it does not go on by itself. */
        PAUSED,
        /** It was begun, and somebody has dropped what it had built, or gone back; it does not begin again by itself. */
        GIVEN_UP;

        static RebuildState of(String name) {
            return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
        }

        @JsonValue
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A rebuild that is due after an upgrade. Queries are answered from what was posted in the older format until it is done.
     *
     * @param from the format of what was posted
     * @param to the format that it is rebuilt in
     * @param events how many there are to post, once it has begun
     * @param behind how many of them are left
     * @param detail what it is doing, or why it does not go on
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RebuildView(
            RebuildState state,
            int from,
            int to,
            @Nullable Long events,
            @Nullable Long behind,
            @Nullable String detail) {}

    /**
     * A ledger with which the projection waits.
     *
     * @param sequence of the event that could not be posted; the projection has come to the one before
     * @param events how many wait: that one, and all that have come since
     * @param since when it was met
     */
    record ParkedView(String ledger, long sequence, long events, String reason, Instant since) {

        static ParkedView of(ParkedLedger parked) {
            return new ParkedView(
                    parked.ledger(),
                    parked.sequence(),
                    parked.last() - parked.sequence() + 1,
                    parked.reason(),
                    parked.since());
        }
    }
}
