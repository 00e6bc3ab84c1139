package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.posting.Rate;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.GenerationStore.Role;
import io.daybook.projections.projection.LedgerRepair;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.projections.projection.StoreLossException;
import io.daybook.projections.replay.RepairRows.Row;
import io.daybook.projections.work.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts single ledgers of a projection's live generation anew, as table {@code repair} asks for. The projection goes on for
 * all others: the ledger is parked meanwhile, and what comes of it is left to the repair, which ends when it has come as far.
 * Used by one thread.
 *
 * <p>A repair is one transaction on the books' database, so that a process that ends leaves nothing half done there. What is
 * to be seen before its end is written separately.
 */
final class Repairs implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);

    private final GenerationStore store;
    private final GenerationTable generations;
    private final RepairRows rows;
    private final Sources sources;
    private final Duration pause;

    Repairs(GenerationStore store, GenerationTable generations, RepairRows rows, Sources sources, Duration pause) {
        this.store = store;
        this.generations = generations;
        this.rows = rows;
        this.sources = sources;
        this.pause = pause;
    }

    /** It does not go on for now; its row tells why. */
    private static final class Halt extends Exception {}

    /** The source has not what is needed. */
    private static final class UnusableSource extends Exception {
        UnusableSource(String message) {
            super(message);
        }
    }

    @Override
    public void step() throws Exception {
        for (String ledger : rows.open(store.projection())) {
            try {
                generations.inTransaction(() -> {
                    if (rows.isMine(store.projection(), ledger)) {
                        Row row = rows.read(store.projection(), ledger);
                        if (row != null && row.isOpen()) {
                            repair(row.isNew() ? parked(row) : row);
                        }
                    }
                });
            } catch (Halt e) {
                LOG.info("ledger {} of {} is not posted anew for now", ledger, store.projection());
            }
        }
    }

    @Override
    public Duration pause() {
        return pause;
    }

    /** Has the projection leave the ledger alone; the row as it is after that. */
    private Row parked(Row row) throws Exception {
        generations.separately(() -> generations.exclusively(store.projection(), projection -> {
            long position = store.position(projection.live(), Role.LIVE, new LedgerId(row.ledger()));
            if (!rows.park(row, projection.live(), position)) {
                throw new Halt();
            }
        }));
        Row parked = rows.read(row.projection(), row.ledger());
        if (parked == null) {
            throw new Halt();
        }
        return parked;
    }

    private void repair(Row row) throws Exception {
        Generation live = generations.read(store.projection()).liveGeneration();
        try {
            postAnew(row, live);
        } catch (UnusableSource | StoreLossException | Journal.UnknownException e) {
            generations.separately(() -> rows.failed(row, live.number(), e.getMessage()));
            throw new Halt();
        } catch (Halt | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            generations.separately(() -> rows.trouble(row, e.toString()));
            throw e;
        }
    }

    private void postAnew(Row row, Generation live) throws Exception {
        LedgerId ledger = new LedgerId(row.ledger());
        try (LedgerRepair repair = store.repair(live, ledger)) {
            long after = repair.begin(Math.max(row.fromSequence() - 1, row.reached()));
            try (LedgerReader reader = sources.reader(row.source(), ledger, after)) {
                Posting posting = new Posting(row, repair, reader, after);
                while (posting.next()) {
                    // Until all that there is was posted.
                }
                generations.exclusively(store.projection(), projection -> {
                    posting.nextUntil(rows.leftTo(row, live.number()));
                    repair.finish(posting.reached);
                    rows.done(row, live.number(), posting.reached);
                });
                LOG.info("ledger {} of {} was posted anew", ledger, store.projection());
            }
        }
    }

    /** How far a repair has come. */
    private final class Posting {

        private final Row row;
        private final LedgerRepair repair;
        private final LedgerReader reader;
        private final Rate rate = new Rate();
        private long reached;

        Posting(Row row, LedgerRepair repair, LedgerReader reader, long after) {
            this.row = row;
            this.repair = repair;
            this.reader = reader;
            this.reached = after;
        }

        /** False if there are no more events at the moment. */
        boolean next() throws Exception {
            List<StoredEvent> events = reader.next();
            if (events.isEmpty()) {
                return false;
            }
            List<PublishedEvent> following = following(events);
            if (!following.isEmpty()) {
                repair.post(following);
                reached = following.getLast().sequence();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            generations.separately(() -> {
                long behind = Math.max(0, reader.total() - reader.read());
                if (!rows.progress(row, reached, reader.total(), behind, rate.at(reader.read()))) {
                    throw new Halt();
                }
            });
            return true;
        }

        private List<PublishedEvent> following(List<StoredEvent> events) throws UnusableSource {
            List<PublishedEvent> following = new ArrayList<>(events.size());
            long last = reached;
            for (StoredEvent event : events) {
                if (event.sequence() <= last) {
                    continue;
                }
                if (event.sequence() != last + 1) {
                    throw new UnusableSource("event " + (last + 1) + " is missing in " + title() + ", event "
                            + event.sequence() + " came instead; " + remedy());
                }
                following.add(read(event));
                last = event.sequence();
            }
            return following;
        }

        private PublishedEvent read(StoredEvent event) throws UnusableSource {
            PublishedEvent published = PublishedEvent.of(event);
            if (published.fault() != null) {
                throw new UnusableSource(
                        "event " + event.sequence() + " cannot be read in " + title() + ": " + published.fault());
            }
            return published;
        }

        /** As far as the projection has come with this ledger. What the event store has not, nobody can have. */
        void nextUntil(long last) throws Exception {
            boolean isMore = true;
            while (reached < last && isMore) {
                isMore = next();
            }
            if (reached < last && row.source() != ReplaySource.STORE) {
                throw new UnusableSource(title() + " has its events up to " + reached + ", and it was posted up to "
                        + last + "; " + remedy());
            }
        }

        private String title() {
            return row.source() == ReplaySource.STORE ? "the event store" : "Kafka";
        }

        private String remedy() {
            return row.source() == ReplaySource.STORE
                    ? "'./daybook verify' tells what is wrong"
                    : "'--source store' takes them from the event store, and './daybook republish' puts them into Kafka"
                            + " again";
        }
    }

    @Override
    public String toString() {
        return "the repairs of " + store.projection();
    }
}
