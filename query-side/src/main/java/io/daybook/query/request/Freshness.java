package io.daybook.query.request;

import io.daybook.events.LedgerId;
import io.daybook.http.Headers;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Reading.Behind;
import io.daybook.query.request.Reading.Seen;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a ledger must have come in what a query reads.
 *
 * @param sequence the least sequence; 0 for whatever there is
 * @param expectsLedger whether the client knows of the ledger, so that its absence means that it is still to come
 */
public record Freshness(long sequence, boolean expectsLedger) {

    /** The longest wait for a projection. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** What does not go on by itself takes somebody longer. */
    private static final Duration RETRY_AFTER_REPAIR = Duration.ofSeconds(60);

    /** Of a ledger that is there. */
    private static final long LEAST = 1;

    /** What {@code Min-Ledger-Sequence} demands. */
    public static Freshness of(HttpServletRequest request) {
        String header = request.getHeader(Headers.MIN_LEDGER_SEQUENCE);
        long sequence =
                header == null ? 0 : RequestValues.number(Headers.MIN_LEDGER_SEQUENCE, header, 0, Long.MAX_VALUE);
        return new Freshness(sequence, sequence > 0);
    }

    /** The same, and at least as far as {@code other}. */
    public Freshness atLeast(long other) {
        return new Freshness(Math.max(sequence, other), expectsLedger);
    }

    /** The same, and at least as far as the page before was: a standby that is behind it would leave rows out. */
    public Freshness continuing(Optional<Cursor> cursor) {
        return cursor.map(page -> new Freshness(Math.max(sequence, page.number(Cursor.SEEN)), true))
                .orElse(this);
    }

    /** Whether a ledger that has come to {@code position} has come far enough. */
    public boolean isMetBy(long position) {
        return position >= sequence;
    }

    /**
     * Looks until what is read has come far enough, for up to 5 seconds; if it will not by itself, not at all.
     *
     * @throws ProblemException {@code ledger-not-found}, or {@code projection-behind} when the time is over
     */
    public <T> Seen<T> await(LedgerId ledger, Supplier<Reading<T>> look) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            switch (look.get()) {
                case Seen<T> seen -> {
                    return seen;
                }
                case Behind<T>(var position, var progress) -> {
                    Optional<String> obstacle = progress.obstacle(ledger, Math.max(sequence, LEAST));
                    if (obstacle.isPresent()) {
                        throw behind(ledger, position, obstacle.get(), RETRY_AFTER_REPAIR);
                    }
                    if (position == null && !expectsLedger) {
                        throw new ProblemException(
                                ProblemCode.LEDGER_NOT_FOUND,
                                "there is no ledger '" + ledger + "'; if it was opened just now, ask with "
                                        + Headers.MIN_LEDGER_SEQUENCE);
                    }
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        throw behind(ledger, position, "try again", RETRY_AFTER);
                    }
                    try {
                        progress.await(ledger, sequence, Duration.ofNanos(left));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw behind(ledger, position, "try again", RETRY_AFTER);
                    }
                }
            }
        }
    }

    private ProblemException behind(LedgerId ledger, @Nullable Long position, String whatNow, Duration retryAfter) {
        String state = position == null ? "is not there yet" : "has come to sequence " + position;
        ProblemException problem = new ProblemException(
                Problem.of(
                        ProblemCode.PROJECTION_BEHIND,
                        "sequence " + sequence + " of ledger '" + ledger + "' was asked for, but the ledger " + state
                                + " in what is read here; " + whatNow),
                retryAfter);
        return position == null ? problem : problem.with(Headers.LEDGER_SEQUENCE, Long.toString(position));
    }
}
