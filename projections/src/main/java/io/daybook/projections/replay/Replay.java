package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import io.daybook.projections.feed.Feed;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.journal.JournalSource;
import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.Comparison;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.GenerationStore.Role;
import io.daybook.projections.replay.Generations.Row;
import io.daybook.projections.status.EndOfTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * The replay of one projection: does, step by step, what its row in table {@code generation} asks for. All that it knows is
 * in that row and in the tokens, so it goes on wherever it was when a process ended. Used by one thread.
 */
final class Replay implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    /** In which steps the store is asked again whether it serves the live generation: it may have lost what it had. */
    private static final int SERVE_AGAIN_STEPS = 20;

    /** When so few events are left, the next batch may bring it up to the live one. */
    private static final long NEARLY_THERE_EVENTS = 1_000;

    /** How many faults are told. */
    private static final int EXAMPLES = 5;

    /** What is checked is at most a hundredth less than what there is. */
    private static final int CHECKED_BUT_ONE_OF = 100;

    private final GenerationStore store;
    private final Generations generations;
    private final RepairRows repairs;
    private final ProjectionFactory factory;
    private final Journal journal;
    private final EndOfTopic end;
    private final Duration patience;
    private @Nullable RunningProjection aside;
    private @Nullable String asideSource;
    private @Nullable HandOver handOver;
    private @Nullable Instant nearlyThereSince;
    private int checked;

    /** Once that is checked, how far some ledgers have still to come, and since when none of them has. */
    private Map<LedgerId, Long> expected = Map.of();

    private Instant expectedSince = Instant.EPOCH;
    private int served;
    private int steps;

    /**
     * @param patience how long what the event store has may be on its way
     */
    Replay(
            GenerationStore store,
            Generations generations,
            RepairRows repairs,
            ProjectionFactory factory,
            Journal journal,
            EndOfTopic end,
            Duration patience) {
        this.store = store;
        this.generations = generations;
        this.repairs = repairs;
        this.factory = factory;
        this.journal = journal;
        this.end = end;
        this.patience = patience;
    }

    @Override
    public void step() throws Exception {
        Row row = generations.read(store.projection());
        if (row.liveFormat() < store.format() && generations.askForRebuild(store.projection(), store.format())) {
            LOG.info(
                    "the live generation of {} is of format {}: it is rebuilt in format {}, beside it",
                    store.projection(),
                    row.liveFormat(),
                    store.format());
            row = generations.read(store.projection());
        }
        if (row.wanted() != null) {
            stop();
            generations.alone(store.projection(), () -> take(generations.readToTake(store.projection())));
            row = generations.read(store.projection());
        }
        serve(row);
        if (!row.isBuilding() || row.asideFormat() > store.format()) {
            // What a newer version builds is left to that.
            stop();
            // The next one may have the same number.
            checked = 0;
            return;
        }
        build(row);
    }

    private void serve(Row row) throws Exception {
        if (served != row.live() || steps++ % SERVE_AGAIN_STEPS == 0) {
            store.serve(row.live());
            served = row.live();
        }
    }

    @Override
    public boolean isUnderWay() {
        return aside != null;
    }

    /** Another node may have done it meanwhile. */
    private void take(Row row) throws Exception {
        switch (row.wanted()) {
            case null -> {}
            case "replay" -> begin(row, false);
            case "dry-run" -> begin(row, true);
            case "pause" -> {
                if (row.isBuilding()) {
                    generations.state(row, Generations.PAUSED, "paused; 'resume' goes on");
                } else {
                    generations.refuse(row, "nothing is being replayed that could be paused");
                }
            }
            case "resume" -> {
                if (row.isPaused()) {
                    generations.state(row, Generations.BUILDING, null);
                } else {
                    generations.refuse(row, "nothing is paused that could be resumed");
                }
            }
            case "rollback" -> {
                if (row.isKept()) {
                    generations.bringUpToDate(row);
                } else {
                    generations.refuse(row, "there is no generation before this one any more");
                }
            }
            case "discard" -> discard(row, "discarded");
            default -> generations.refuse(row, "'" + row.wanted() + "' is not known");
        }
    }

    private void begin(Row row, boolean dryRun) throws Exception {
        if (row.isBuilding() || row.isPaused()) {
            generations.refuse(row, "generation " + row.aside() + " is being built already; 'discard' gives it up");
            return;
        }
        if (row.wantedSource().equals(Sources.STORE) && !journal.isKnown()) {
            generations.refuse(row, new Journal.UnknownException().getMessage());
            return;
        }
        if (row.aside() != null) {
            store.drop(row.aside());
        }
        int next = Math.max(row.live(), row.aside() == null ? 0 : row.aside()) + 1;
        // What an earlier process may have left of one with this number.
        store.drop(next);
        generations.begin(row, new Generation(next, store.format()), dryRun);
        checked = 0;
        LOG.info("generation {} of {} is being built", next, store.projection());
    }

    private void discard(Row row, String detail) throws Exception {
        if (row.aside() == null) {
            generations.refuse(row, "there is nothing aside to discard");
            return;
        }
        store.drop(row.aside());
        generations.forget(row, detail);
        LOG.info("generation {} of {} was dropped", row.aside(), store.projection());
    }

    private void build(Row row) throws Exception {
        if (aside != null && !row.source().equals(asideSource)) {
            // Another node has handed it over.
            stop();
        }
        if (aside == null) {
            if (generations.tokens(store.projection(), Role.ASIDE).isEmpty()) {
                // All of them, before the first are posted and not left any more.
                generations.progress(row, isFromStore(row) ? journal.head() : end.behind(Map.of()), null);
            }
            asideSource = row.source();
            Feed feed = isFromStore(row)
                    ? new Feed(new JournalSource(journal), row.parallel())
                    : factory.fromKafka(row.parallel());
            aside = factory.aside(store, row.aside(), feed);
            aside.start();
            return;
        }
        String topic = end.id();
        if (topic != null) {
            aside.topicIs(topic);
        }
        String detail = aside.status().detail();
        if (!aside.isReading()) {
            // It has not started yet, or another node builds it.
            if (detail != null) {
                generations.progress(row, row.behind(), detail);
            }
            return;
        }
        long left = isFromStore(row)
                ? journal.head() - JournalSource.position(aside.tokens())
                : end.behind(aside.positions());
        generations.progress(row, left, detail);
        if (detail != null || left > NEARLY_THERE_EVENTS) {
            return;
        }
        if (isFromStore(row)) {
            handOver(row);
        } else if (checked != row.aside()) {
            if (isWorthChecking(row)) {
                generations.progress(
                        row, left, "nearly there: making what was left to the end, such as indexes, and checking");
                check(row);
            }
        } else if (hasCome(row)) {
            if (row.dryRun()) {
                compare(row);
            } else {
                exchange();
            }
        }
    }

    private static boolean isFromStore(Row row) {
        return row.source().equals(Sources.STORE);
    }

    /**
     * From the event store to Kafka.
     *
     * @param live how far the live generation had read in Kafka
     * @param position how far the journal went after that: so all that is in Kafka up to there is in the journal up to here
     */
    private record HandOver(@Nullable TrackingToken live, long position) {}

    /** Has the one aside go on where the live one was in Kafka, as soon as it has everything up to there. */
    private void handOver(Row row) {
        if (handOver == null) {
            TrackingToken live = generations.liveToken(store.projection());
            handOver = new HandOver(live, journal.head());
        }
        if (JournalSource.position(aside.tokens()) < handOver.position()) {
            return;
        }
        HandOver now = handOver;
        stop();
        if (JournalSource.position(generations.tokens(store.projection(), Role.ASIDE)) >= now.position()) {
            generations.handOver(row, now.live());
            LOG.info("generation {} of {} goes on from Kafka", row.aside(), store.projection());
        }
    }

    /** Of few events, the last ones are most of them; and where Kafka ends may be known of some time ago. */
    private boolean isWorthChecking(Row row) throws Exception {
        if (nearlyThereSince == null) {
            nearlyThereSince = Instant.now();
        }
        Map<LedgerId, Long> heads = heads(row);
        Map<LedgerId, Long> positions = store.positions(row.aside(), Role.ASIDE);
        long missing = missing(row, heads, positions).entrySet().stream()
                .mapToLong(ledger -> ledger.getValue() - positions.getOrDefault(ledger.getKey(), 0L))
                .sum();
        long there = heads.values().stream().mapToLong(position -> position).sum();
        return missing <= there / CHECKED_BUT_ONE_OF
                || !generations.parkedAside(row).isEmpty()
                || Duration.between(nearlyThereSince, Instant.now()).compareTo(patience) > 0;
    }

    /** How far the ledgers are on the write side, if that can be asked. */
    private Map<LedgerId, Long> heads(Row row) throws Exception {
        return journal.isKnown() ? journal.heads() : store.positions(row.live(), Role.LIVE);
    }

    /** With nobody posting to it. The live one goes on meanwhile, and is caught up with again. */
    private void check(Row row) throws Exception {
        stop();
        List<String> faults = new ArrayList<>(generations.parkedAside(row));
        faults.addAll(faults(row));
        Map<LedgerId, Long> positions = store.positions(row.aside(), Role.ASIDE);
        if (faults.isEmpty() && journal.isKnown()) {
            Sampler sampler = new Sampler(journal);
            for (LedgerId ledger : Sampler.some(positions)) {
                faults.addAll(store.faults(row.aside(), sampler.of(ledger, positions.get(ledger))));
            }
        }
        if (faults.isEmpty()) {
            expected = missing(row, heads(row), positions);
            expectedSince = Instant.now();
            checked = row.aside();
        } else {
            generations.state(
                    row,
                    Generations.PAUSED,
                    "not exchanged, as it is wrong: "
                            + String.join("; ", faults.subList(0, Math.min(EXAMPLES, faults.size()))));
        }
    }

    /** What it was posted without, such as indexes, may not be possible with what was posted. */
    private List<String> faults(Row row) throws Exception {
        try {
            store.complete(row.aside());
        } catch (DataIntegrityViolationException e) {
            return List.of(e.getMostSpecificCause().getMessage());
        }
        return store.faults(row.aside());
    }

    /**
     * The ledgers that the one aside has not as far as the write side, and how far that is: before an exchange they must have
     * come. Those that are parked will not.
     */
    private Map<LedgerId, Long> missing(Row row, Map<LedgerId, Long> heads, Map<LedgerId, Long> positions) {
        Map<LedgerId, Long> missing = new HashMap<>(heads);
        positions.forEach(
                (ledger, reached) -> missing.computeIfPresent(ledger, (same, last) -> last > reached ? last : null));
        generations.parkedLedgersAside(row).forEach(missing::remove);
        return missing;
    }

    /** Whether it has come as far as was expected. What Kafka has lost will not come. */
    private boolean hasCome(Row row) throws Exception {
        int before = expected.size();
        generations.parkedLedgersAside(row).forEach(expected::remove);
        for (Map.Entry<LedgerId, Long> ledger : List.copyOf(expected.entrySet())) {
            if (store.position(row.aside(), Role.ASIDE, ledger.getKey()) < ledger.getValue()) {
                break;
            }
            expected.remove(ledger.getKey());
        }
        if (expected.isEmpty()) {
            return true;
        }
        if (expected.size() < before) {
            expectedSince = Instant.now();
        } else if (Duration.between(expectedSince, Instant.now()).compareTo(patience) > 0) {
            Map.Entry<LedgerId, Long> first = expected.entrySet().iterator().next();
            generations.state(
                    row,
                    Generations.PAUSED,
                    "not exchanged, as event " + first.getValue() + " of ledger " + first.getKey() + " does not come"
                            + (expected.size() > 1 ? ", nor those of " + (expected.size() - 1) + " other ledgers" : "")
                            + "; if Kafka has lost it, 'discard' this and replay with '--source store', or './daybook"
                            + " republish' and 'resume'");
            checked = 0;
        }
        return false;
    }

    /** If the one aside has all that the live one has. Both wait meanwhile. */
    private void exchange() throws Exception {
        generations.exclusively(store.projection(), row -> {
            if (!isUpToDate(row)) {
                return;
            }
            store.exchange(generations.jdbc());
            generations.exchange(row);
            // Whoever is told of the exchange asks the new one. If this is not committed, the live one is served again.
            store.serve(row.aside());
            served = row.aside();
            checked = 0;
            repairs.forgetFailed(store.projection());
            LOG.info("generation {} of {} is live", row.aside(), store.projection());
        });
    }

    /** The same for a dry run. Both wait until it has begun, and go on while it compares them as they were then. */
    private void compare(Row row) throws Exception {
        // Something is left to the end again if nothing had been posted when it was checked.
        store.complete(row.aside());
        AtomicReference<@Nullable Comparison> begun = new AtomicReference<>();
        generations.exclusively(store.projection(), now -> {
            // After a start the live one may be behind: what it has still to read would be in the new one only.
            if (isUpToDate(now) && hasReadNoMoreThanLive()) {
                generations.progress(now, 0, "comparing every row with the live one");
                begun.set(store.compare(now.liveGeneration(), now.asideGeneration()));
            }
        });
        try (Comparison comparison = begun.get()) {
            if (comparison == null) {
                return;
            }
            List<String> differences = comparison.differences();
            generations.found(
                    row,
                    differences.isEmpty()
                            ? "no differences"
                            : "differences, for example: " + String.join("; ", differences));
        }
    }

    /** Whether the one aside has all that the live one has, while nobody posts to either. */
    private boolean isUpToDate(Row row) throws Exception {
        // Somebody may have asked for a pause while this waited for its turn.
        if (!row.isBuilding() || row.wanted() != null || !hasReadAllOfLive()) {
            return false;
        }
        String waitedFor = repairs.waitedFor(store.projection());
        if (waitedFor != null) {
            generations.progress(row, row.behind(), waitedFor);
            return false;
        }
        if (!generations.parkedAside(row).isEmpty()) {
            checked = 0;
            return false;
        }
        return true;
    }

    /** With every segment. */
    private boolean hasReadAllOfLive() {
        TrackingToken live = generations.liveToken(store.projection());
        List<@Nullable TrackingToken> aside = generations.tokens(store.projection(), Role.ASIDE);
        return live == null
                || !aside.isEmpty() && aside.stream().allMatch(segment -> segment != null && segment.covers(live));
    }

    /** With any segment. */
    private boolean hasReadNoMoreThanLive() {
        TrackingToken live = generations.liveToken(store.projection());
        return live == null
                || generations.tokens(store.projection(), Role.ASIDE).stream()
                        .allMatch(segment -> segment == null || live.covers(segment));
    }

    @Override
    public String toString() {
        return "the generations of " + store.projection();
    }

    @Override
    public void stop() {
        handOver = null;
        nearlyThereSince = null;
        if (aside != null) {
            aside.stop();
            aside = null;
        }
    }
}
