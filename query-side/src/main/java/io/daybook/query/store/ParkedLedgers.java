package io.daybook.query.store;

import io.daybook.events.LedgerId;
import io.daybook.http.ProblemException;
import io.daybook.stores.BooksQueries;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The ledgers that live generations wait with, because an event of theirs could not be posted. Whoever waits for a ledger
 * asks here why it does not come; all who do so within a second are answered from one look into the books.
 */
public final class ParkedLedgers {

    /**
     * A ledger that is parked in a projection.
     *
     * @param sequence of the event that could not be posted; the projection has come to the one before
     * @param last the sequence of the last event that has come since
     */
    public record ParkedLedger(
            String projection, String ledger, long sequence, long last, String reason, Instant since) {}

    private static final Duration KNOWN_FOR = Duration.ofSeconds(1);

    private record Known(List<ParkedLedger> ledgers, long atNanos) {
        boolean isOld() {
            return System.nanoTime() - atNanos > KNOWN_FOR.toNanos();
        }
    }

    private final BooksReplicas books;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Known known = new Known(List.of(), System.nanoTime() - KNOWN_FOR.toNanos() - 1);

    ParkedLedgers(BooksReplicas books) {
        this.books = books;
    }

    /**
     * All there are: at most a thousand in each projection.
     *
     * @throws ProblemException {@code unavailable}
     */
    public List<ParkedLedger> all() {
        List<ParkedLedger> ledgers = books.readPrimary(ParkedLedgers::read);
        known = new Known(ledgers, System.nanoTime());
        return ledgers;
    }

    /** Why a projection does not come to a sequence of a ledger by itself; empty if it does, or that is not known. */
    Optional<String> obstacle(String projection, LedgerId ledger, long sequence) {
        return recent().stream()
                .filter(parked -> parked.projection().equals(projection)
                        && parked.ledger().equals(ledger.value())
                        && parked.sequence() <= sequence)
                .findFirst()
                .map(parked -> "event " + parked.sequence() + " could not be posted to what is read here (projection "
                        + projection + "): " + parked.reason()
                        + ". './daybook projections' tells those who run Daybook what to do");
    }

    private List<ParkedLedger> recent() {
        if (known.isOld() && asking.compareAndSet(false, true)) {
            try {
                return all();
            } catch (ProblemException unavailable) {
                known = new Known(List.of(), System.nanoTime());
            } finally {
                asking.set(false);
            }
        }
        return known.ledgers();
    }

    private static List<ParkedLedger> read(JdbcClient jdbc) {
        return jdbc.sql(BooksQueries.PARKED + " order by parked.projection, since, ledger")
                .query((row, number) -> new ParkedLedger(
                        row.getString("projection"),
                        row.getString("ledger"),
                        row.getLong("sequence"),
                        row.getLong("last"),
                        row.getString("reason"),
                        row.getObject("since", OffsetDateTime.class).toInstant()))
                .list();
    }
}
