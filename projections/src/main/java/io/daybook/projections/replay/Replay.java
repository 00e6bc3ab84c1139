package io.daybook.projections.replay;

import io.daybook.projections.feed.GenerationStore;
import io.daybook.projections.feed.GenerationStore.Role;
import io.daybook.projections.feed.ProjectionFactory;
import io.daybook.projections.feed.RunningProjection;
import io.daybook.projections.replay.Generations.Row;
import java.util.List;
import java.util.function.ToLongFunction;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replay of one projection: does, step by step, what its row in table {@code generation} asks for. All that it knows is
 * in that row and in the tokens, so it goes on wherever it was when a process ended. Used by one thread.
 */
final class Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    /** In which steps the store is asked again whether it serves the live generation: it may have lost what it had. */
    private static final int SERVE_AGAIN_STEPS = 20;

    /** When so few events are left, the next batch may bring it up to the live one. */
    private static final long NEARLY_THERE_EVENTS = 1_000;

    private final GenerationStore store;
    private final Generations generations;
    private final ProjectionFactory factory;
    private final ToLongFunction<RunningProjection> behind;
    private @Nullable RunningProjection aside;
    private int checked;
    private int served;
    private int steps;

    /**
     * @param behind how many events a running projection has still to read
     */
    Replay(
            GenerationStore store,
            Generations generations,
            ProjectionFactory factory,
            ToLongFunction<RunningProjection> behind) {
        this.store = store;
        this.generations = generations;
        this.factory = factory;
        this.behind = behind;
    }

    /** Takes the next step, if there is one to take. */
    void step() throws Exception {
        Row row = generations.read(store.projection());
        if (row.wanted() != null) {
            stop();
            generations.alone(store.projection(), () -> take(generations.read(store.projection())));
            row = generations.read(store.projection());
        }
        serve(row);
        if (!row.isBuilding()) {
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
                    generations.state(row, Generations.BUILDING, "bringing generation " + row.aside() + " up to date");
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
        if (row.aside() != null) {
            store.drop(row.aside());
        }
        int next = Math.max(row.live(), row.aside() == null ? 0 : row.aside()) + 1;
        // What an earlier process may have left of one with this number.
        store.drop(next);
        generations.begin(row, next, dryRun);
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
        if (aside == null) {
            aside = factory.run(store, Role.ASIDE);
            aside.start();
            return;
        }
        if (aside.positions().isEmpty()) {
            // It has not started yet, or another node builds it.
            return;
        }
        String detail = aside.status().detail();
        long left = behind.applyAsLong(aside);
        generations.progress(row, left, detail);
        if (detail != null || left > NEARLY_THERE_EVENTS) {
            return;
        }
        if (checked == row.aside()) {
            exchange();
            serve(generations.read(store.projection()));
        } else {
            generations.progress(row, left, "nearly there: making what was left to the end, such as indexes, and checking");
            check(row);
        }
    }

    /** With nobody posting to it. The live one goes on meanwhile, and is caught up with again. */
    private void check(Row row) throws Exception {
        stop();
        store.complete(row.aside());
        List<String> faults = store.faults(row.aside());
        if (faults.isEmpty()) {
            checked = row.aside();
        } else {
            generations.state(
                    row, Generations.PAUSED, "not exchanged, as it is wrong by itself: " + String.join("; ", faults));
        }
    }

    /** If the one aside has all that the live one has. Both wait meanwhile. */
    private void exchange() throws Exception {
        generations.exclusively(store.projection(), row -> {
            TrackingToken live = generations.token(store.projection(), Role.LIVE);
            TrackingToken next = generations.token(store.projection(), Role.ASIDE);
            if (!row.isBuilding() || next == null || live != null && !next.covers(live)) {
                return;
            }
            if (row.dryRun()) {
                List<String> differences = store.differences(row.live(), row.aside());
                generations.found(
                        row,
                        differences.isEmpty()
                                ? "no differences"
                                : "differences, for example: " + String.join("; ", differences));
                return;
            }
            store.exchange(generations.jdbc());
            generations.exchange(row);
            checked = 0;
            LOG.info("generation {} of {} is live", row.aside(), store.projection());
        });
    }

    @Override
    public String toString() {
        return store.projection();
    }

    void stop() {
        if (aside != null) {
            aside.stop();
            aside = null;
        }
    }
}
