package io.daybook.projections.guard;

import io.daybook.events.LedgerId;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.Pace;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.projections.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the stores have with the journal, ledger by ledger: how far they have come with what was appended just now,
 * again and again, and how many they have of all else, in slow rounds. Tokens say what was read; this says what is there.
 *
 * <p>One node does so, that which holds a lock in the books' database.
 */
final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    /** So many events of the journal are looked at at a time. */
    private static final long POSITIONS = 50_000;

    /** An installation that was not guarded before is looked at from so many events before its end on; rounds see to the rest. */
    private static final long BEFORE_THE_FIRST = 100_000;

    /** So many ledgers are counted at a time. */
    private static final int PAGE = 100;

    private final Journal journal;
    private final List<GuardedProjection> projections;
    private final LedgerAccounts accounts;
    private final GuardRows rows;
    private final GuardLock lock;
    private final ProjectionsProperties.Guard properties;

    Guard(
            Journal journal,
            List<GuardedProjection> projections,
            LedgerAccounts accounts,
            GuardRows rows,
            GuardLock lock,
            ProjectionsProperties.Guard properties) {
        this.journal = journal;
        this.projections = projections;
        this.accounts = accounts;
        this.rows = rows;
        this.lock = lock;
        this.properties = properties;
    }

    private interface Question {
        void of(GuardedProjection projection) throws Exception;
    }

    /** What there is to do; each piece for a thread of its own. Without a journal there is nothing to compare with. */
    List<Work> work() {
        return journal.isKnown() ? List.of(new Look(), new Count()) : List.of();
    }

    /** What is asked of all projections, one after the other. */
    private abstract class JournalComparison implements Work {

        private volatile boolean isStopping;

        /** One whose store does not answer is passed over. */
        final void forEach(Question question) throws Exception {
            Exception failure = null;
            for (GuardedProjection projection : projections) {
                try {
                    question.of(projection);
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    if (isStopping) {
                        throw e;
                    }
                    projection.lost();
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public final void stopping() {
            isStopping = true;
        }

        @Override
        public void stop() {
            isStopping = false;
        }
    }

    /** Looks at what was appended, for as long as nobody else does. */
    private final class Look extends JournalComparison {

        private final Pace pace = new Pace(properties.share());

        /** Up to which position of the journal it has looked; null before it has begun. */
        private @Nullable Long looked;

        @Override
        public void step() throws Exception {
            if (!lock.isHeld()) {
                forget();
                if (!lock.take()) {
                    return;
                }
            }
            look();
        }

        private void forget() {
            looked = null;
            projections.forEach(GuardedProjection::forget);
        }

        @Override
        public Duration pause() {
            return properties.interval();
        }

        @Override
        public void stop() {
            lock.release();
            forget();
            super.stop();
        }

        private void look() throws Exception {
            long position;
            try {
                position = lookAtJournal();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                projections.forEach(GuardedProjection::lost);
                throw e;
            }
            try {
                forEach(projection -> {
                    projection.look(pace);
                    projection.heal(journal);
                });
            } finally {
                rows.position(projections.stream()
                        .mapToLong(projection -> projection.noted(position))
                        .min()
                        .orElse(position));
            }
        }

        /** The position up to which it has looked then. */
        private long lookAtJournal() throws Exception {
            long head = pace.ask(journal::head);
            Long before = looked == null ? rows.position() : looked;
            long position = Math.min(head, before == null ? Math.max(0, head - BEFORE_THE_FIRST) : before);
            while (position < head) {
                long after = position;
                long upTo = Math.min(head, after + POSITIONS);
                List<Journal.Change> changes = pace.ask(() -> journal.changes(after, upTo));
                projections.forEach(projection -> projection.add(changes));
                position = upTo;
                looked = position;
            }
            looked = position;
            return position;
        }

        @Override
        public String toString() {
            return "what was appended";
        }
    }

    /** Counts all ledgers, one after the other, while this node looks; then it rests. */
    private final class Count extends JournalComparison {

        private final Pace pace = new Pace(properties.share());
        private Duration busy = Duration.ZERO;
        private Instant restsSince = Instant.now();
        private boolean isUnderWay;

        @Override
        public void step() throws Exception {
            if (lock.isHeldHere()) {
                forEach(projection -> projection.decide(journal, accounts, pace));
                goOn();
            } else {
                rest();
            }
        }

        /** The next ledgers are counted at once: it is the pace that has them wait. */
        @Override
        public Duration pause() {
            return isUnderWay ? Duration.ZERO : properties.interval();
        }

        private void rest() {
            isUnderWay = false;
            restsSince = Instant.now();
        }

        /** Counts the next ledgers, if it does not rest. */
        private void goOn() throws Exception {
            if (!isUnderWay && Duration.between(restsSince, Instant.now()).compareTo(properties.pause()) < 0) {
                return;
            }
            // What fails is tried again after a while.
            isUnderWay = false;
            String after = rows.swept();
            long head = pace.ask(journal::head);
            SortedMap<LedgerId, Long> heads = pace.ask(() -> journal.headsAfter(after, PAGE));
            if (heads.isEmpty()) {
                LOG.info(
                        "a round over all ledgers took {}; stores were asked for {} of it",
                        rows.roundEnded(),
                        pace.busy().minus(busy));
                busy = pace.busy();
                rest();
                return;
            }
            rows.swept(after);
            try {
                forEach(projection -> projection.sweep(heads, head, accounts, pace));
            } finally {
                rows.swept(heads.lastKey().value());
            }
            isUnderWay = true;
        }

        @Override
        public String toString() {
            return "the round over all ledgers";
        }
    }
}
