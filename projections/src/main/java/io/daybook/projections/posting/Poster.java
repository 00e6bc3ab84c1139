package io.daybook.projections.posting;

import io.daybook.projections.posting.GenerationTarget.Open;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Posts batches to a generation. If one fails, and not because the store is away, one of its events cannot be posted, now or
 * later; the batch comes again, and is halved until that event is alone. Its ledger is parked, and the others go on.
 */
final class Poster {

    /**
     * So many events are posted with care after a failure. It is more than a slice, whose events are among them unless the
     * partitions come in quite another order; then it fails once more, further on.
     */
    private static final int CAREFUL_EVENTS = 10_000;

    private final GenerationTarget target;
    private final Parking parking;
    private final TransactionTemplate savepoints;
    private int careful;

    /**
     * @param savepoints runs something that can be undone by itself within the transaction
     */
    Poster(GenerationTarget target, Parking parking, TransactionTemplate savepoints) {
        this.target = target;
        this.parking = parking;
        this.savepoints = savepoints;
    }

    /**
     * Posts them, or parks those that cannot be posted with all that follow them in their ledgers.
     *
     * @return how many are posted
     * @throws Exception if the store is away, or this is the first time that they fail; the transaction must be rolled back
     */
    int post(List<PublishedEvent> events) throws Exception {
        Open open = target.open();
        List<PublishedEvent> passing = open.hasParked() ? parking.passing(open.number(), events) : events;
        if (careful > 0) {
            careful -= events.size();
            return postWithCare(open, passing);
        }
        try {
            if (!passing.isEmpty()) {
                open.projection().apply(passing);
            }
            return passing.size();
        } catch (Exception e) {
            if (!open.projection().isOutage(e)) {
                careful = CAREFUL_EVENTS;
            }
            throw e;
        }
    }

    private int postWithCare(Open open, List<PublishedEvent> events) throws Exception {
        Exception failure = events.isEmpty() ? null : failureOf(open.projection(), events);
        if (failure == null) {
            return events.size();
        }
        if (open.projection().isOutage(failure)) {
            throw failure;
        }
        if (events.size() == 1) {
            parking.park(open.number(), events.getFirst(), failure);
            return 0;
        }
        int half = events.size() / 2;
        int posted = postWithCare(open, events.subList(0, half));
        return posted + postWithCare(open, parking.passing(open.number(), events.subList(half, events.size())));
    }

    /** Null if there is none. What is in the books' database of what failed is undone; other stores know what they have. */
    private @Nullable Exception failureOf(Projection projection, List<PublishedEvent> events) {
        return savepoints.execute(transaction -> {
            try {
                projection.apply(events);
                return null;
            } catch (Exception e) {
                transaction.setRollbackOnly();
                return e;
            }
        });
    }

    void close() {
        target.close();
    }
}
