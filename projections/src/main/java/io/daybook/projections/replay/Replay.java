package io.daybook.projections.replay;

import io.daybook.projections.feed.Feed;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.journal.JournalSource;
import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.posting.Rate;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.Comparison;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.GenerationStore.Role;
import io.daybook.projections.replay.GenerationTable.Reached;
import io.daybook.projections.replay.GenerationTable.Row;
import io.daybook.projections.replay.ReplayPhase.Checked;
import io.daybook.projections.replay.ReplayPhase.HandOver;
import io.daybook.projections.replay.ReplayPhase.Idle;
import io.daybook.projections.replay.ReplayPhase.PostingFromKafka;
import io.daybook.projections.replay.ReplayPhase.PostingFromStore;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.projections.status.EndOfTopic;
import io.daybook.projections.work.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replay of one projection: does, step by step, what its row in table {@code generation} asks for. All that it must not
 * forget is in that row and in the tokens, so it goes on wherever it was when a process ended. Used by one thread.
 */
final class Replay implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    /** In which steps the store is asked again whether it serves the live generation: it may have lost what it had. */
    private static final int SERVE_AGAIN_STEPS = 20;

    /** When so few events are left, the next batch may bring it up to the live one. */
    private static final long NEARLY_THERE_EVENTS = 1_000;

    /** How many faults are told. */
    private static final int EXAMPLES = 5;

    private final GenerationStore store;
    private final GenerationTable generations;
    private final RepairRows repairs;
    private final ProjectionFactory factory;
    private final Journal journal;
    private final EndOfTopic end;
    private final GenerationCheck check;
    private final ProjectionsProperties.Replays settings;
    private ReplayPhase phase = ReplayPhase.IDLE;
    private Rate rate = new Rate();
    private int served;
    private int steps;

    Replay(
            GenerationStore store,
            GenerationTable generations,
            RepairRows repairs,
            ProjectionFactory factory,
            Journal journal,
            EndOfTopic end,
            ProjectionsProperties.Replays settings) {
        this.store = store;
        this.generations = generations;
        this.repairs = repairs;
        this.factory = factory;
        this.journal = journal;
        this.end = end;
        this.check = new GenerationCheck(store, generations, journal);
        this.settings = settings;
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
            phase = ReplayPhase.IDLE;
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
    public Duration pause() {
        return phase.posting() == null ? settings.interval() : settings.intervalUnderWay();
    }

    /** Another node may have done it meanwhile. */
    private void take(Row row) throws Exception {
        switch (row.wanted()) {
            case null -> {}
            case "replay" -> begin(row, false);
            case "dry-run" -> begin(row, true);
            case "pause" -> {
                if (row.isBuilding()) {
                    generations.state(row, GenerationTable.PAUSED, "paused; 'resume' goes on");
                } else {
                    generations.refuse(row, ReplayAction.PAUSE.impossible());
                }
            }
            case "resume" -> {
                if (row.isPaused()) {
                    generations.state(row, GenerationTable.BUILDING, null);
                } else {
                    generations.refuse(row, ReplayAction.RESUME.impossible());
                }
            }
            case "rollback" -> {
                if (row.isKept()) {
                    generations.bringUpToDate(row);
                } else {
                    generations.refuse(row, ReplayAction.ROLLBACK.impossible());
                }
            }
            case "discard" -> discard(row);
            default -> generations.refuse(row, "'" + row.wanted() + "' is not known");
        }
    }

    private void begin(Row row, boolean dryRun) throws Exception {
        if (row.isBuilding() || row.isPaused()) {
            generations.refuse(row, "generation " + row.aside() + " is being built already; 'discard' gives it up");
            return;
        }
        if (row.wantedSource() == ReplaySource.STORE && !journal.isKnown()) {
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
        phase = ReplayPhase.IDLE;
        LOG.info("generation {} of {} is being built", next, store.projection());
    }

    private void discard(Row row) throws Exception {
        if (row.aside() == null) {
            generations.refuse(row, ReplayAction.DISCARD.impossible());
            return;
        }
        store.drop(row.aside());
        generations.forget(row, "discarded");
        LOG.info("generation {} of {} was dropped", row.aside(), store.projection());
    }

    private void build(Row row) throws Exception {
        if (phase instanceof PostingFromStore && !row.isFromStore()) {
            // Another node has handed it over.
            stop();
        }
        if (phase instanceof Checked done && done.generation() != row.aside()) {
            stop();
            phase = ReplayPhase.IDLE;
        }
        RunningProjection posting = phase.posting();
        if (posting == null) {
            start(row);
        } else if (goesOn(row, posting)) {
            switch (phase) {
                case Idle() -> throw new IllegalStateException("nothing posts, and yet it goes on");
                case PostingFromStore fromStore -> handOver(row, fromStore);
                case PostingFromKafka fromKafka -> check(row, fromKafka);
                case Checked done
                when hasCome(row, done) -> {
                    if (row.dryRun()) {
                        compare(row);
                    } else {
                        exchange();
                    }
                }
                case Checked done -> LOG.debug("{} waits for {}", this, done.awaited());
            }
        }
    }

    private void start(Row row) throws Exception {
        if (generations.tokens(store.projection(), Role.ASIDE).isEmpty()) {
            // All of them, before the first are posted and not left any more.
            generations.progress(row, row.isFromStore() ? journal.head() : end.behind(Map.of()), 0, null);
        }
        Feed feed = row.isFromStore()
                ? new Feed(new JournalSource(journal), row.parallel())
                : factory.fromKafka(row.parallel());
        RunningProjection posting = factory.aside(store, row.aside(), feed);
        rate = new Rate();
        phase = switch (phase) {
            case Checked done -> new Checked(done.generation(), done.awaited(), posting);
            default -> row.isFromStore() ? new PostingFromStore(posting, null) : new PostingFromKafka(posting, null);
        };
        posting.start();
    }

    /** Whether it is nearly there, and nothing is in its way. */
    private boolean goesOn(Row row, RunningProjection posting) throws Exception {
        String topic = end.id();
        if (topic != null) {
            posting.topicIs(topic);
        }
        String detail = posting.status().detail();
        if (!posting.isReading()) {
            // It has not started yet, or another node builds it.
            if (detail != null) {
                generations.progress(row, row.behind(), 0, detail);
            }
            return false;
        }
        long left = left(row, posting);
        generations.progress(row, left, rate.at(posting.status().applied()), detail);
        return detail == null && left <= NEARLY_THERE_EVENTS;
    }

    private long left(Row row, RunningProjection posting) {
        return row.isFromStore()
                ? journal.head() - JournalSource.position(posting.tokens())
                : end.behind(posting.positions());
    }

    /** Has the one aside go on where the live one was in Kafka, as soon as it has everything up to there. */
    private void handOver(Row row, PostingFromStore fromStore) {
        HandOver handOver = fromStore.handOver();
        if (handOver == null) {
            handOver = new HandOver(generations.liveToken(store.projection()), journal.head());
            phase = new PostingFromStore(fromStore.posting(), handOver);
        }
        if (JournalSource.position(fromStore.posting().tokens()) < handOver.position()) {
            return;
        }
        stop();
        if (JournalSource.position(generations.tokens(store.projection(), Role.ASIDE)) >= handOver.position()) {
            generations.handOver(row, handOver.live());
            LOG.info("generation {} of {} goes on from Kafka", row.aside(), store.projection());
        }
    }

    /** With nobody posting to it. The live one goes on meanwhile, and is caught up with again. */
    private void check(Row row, PostingFromKafka fromKafka) throws Exception {
        Instant since = fromKafka.nearlyThereSince() == null ? Instant.now() : fromKafka.nearlyThereSince();
        phase = new PostingFromKafka(fromKafka.posting(), since);
        // Where Kafka ends may be known of some time ago.
        if (!check.hasNearlyAll(row) && Duration.between(since, Instant.now()).compareTo(settings.patience()) <= 0) {
            return;
        }
        generations.progress(
                row,
                left(row, fromKafka.posting()),
                0,
                "nearly there: making what was left to the end, such as indexes, and checking");
        stop();
        List<String> faults = check.faults(row);
        if (faults.isEmpty()) {
            phase = new Checked(row.aside(), check.awaited(row), null);
        } else {
            generations.state(
                    row,
                    GenerationTable.PAUSED,
                    "not exchanged, as it is wrong: "
                            + String.join("; ", faults.subList(0, Math.min(EXAMPLES, faults.size()))));
        }
    }

    /** Whether it has come as far as was expected. What Kafka has lost will not come. */
    private boolean hasCome(Row row, Checked done) throws Exception {
        AwaitedLedgers awaited = done.awaited();
        boolean haveCome = awaited.haveCome(
                generations.parkedLedgersAside(row), ledger -> store.position(row.aside(), Role.ASIDE, ledger));
        if (!haveCome && awaited.silence().compareTo(settings.patience()) > 0) {
            generations.state(
                    row,
                    GenerationTable.PAUSED,
                    "not exchanged, as " + awaited + "; if Kafka has lost it, 'discard' this and replay with '--source"
                            + " store', or './daybook republish' and 'resume'");
        }
        return haveCome;
    }

    /** If the one aside has all that the live one has. Both wait meanwhile. */
    private void exchange() throws Exception {
        generations.exclusively(store.projection(), row -> {
            if (!isUpToDate(row, generations.reached(store.projection()))) {
                return;
            }
            store.exchange(generations.jdbc());
            generations.exchange(row);
            // Whoever is told of the exchange asks the new one. If this is not committed, the live one is served again.
            store.serve(row.aside());
            served = row.aside();
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
            Reached reached = generations.reached(store.projection());
            // After a start the live one may be behind: what it has still to read would be in the new one only.
            if (isUpToDate(now, reached) && reached.isNoMoreThanLive()) {
                generations.comparing(now);
                begun.set(store.compare(now.liveGeneration(), now.asideGeneration()));
            }
        });
        try (Comparison comparison = begun.get()) {
            if (comparison != null) {
                generations.found(row, comparison.differences());
            }
        }
    }

    /** Whether the one aside has all that the live one has, while nobody posts to either. */
    private boolean isUpToDate(Row row, Reached reached) {
        // Somebody may have asked for a pause while this waited for its turn.
        if (!row.isBuilding() || row.wanted() != null || !reached.isAllOfLive()) {
            return false;
        }
        String waitedFor = repairs.waitedFor(store.projection());
        if (waitedFor != null) {
            generations.progress(row, row.behind(), 0, waitedFor);
            return false;
        }
        if (!generations.parkedAside(row).isEmpty()) {
            // It is checked again. Who posts to it is not stopped here, as it waits for this.
            phase = new PostingFromKafka(phase.posting(), null);
            return false;
        }
        return true;
    }

    @Override
    public String toString() {
        return "the generations of " + store.projection();
    }

    @Override
    public void stop() {
        RunningProjection posting = phase.posting();
        phase = phase.stopped();
        if (posting != null) {
            posting.stop();
        }
    }
}
