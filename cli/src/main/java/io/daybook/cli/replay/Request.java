package io.daybook.cli.replay;

import java.util.Locale;

/** What a command asks of projections, and of single ledgers in them. */
enum Request {
    REPLAY,
    DRY_RUN,
    PAUSE,
    RESUME,
    ROLLBACK,
    DISCARD;

    /** In the words of table {@code generation}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether events are posted for it, so that there is something to watch, and to pause. */
    boolean isPosting() {
        return this != PAUSE && this != DISCARD;
    }

    /** Whether somebody is at it; what is posting may be in the middle of something that takes its time. */
    boolean isTakenUp(Generations.Row row) {
        return row.wanted() == null || isPosting() && row.isBuilding();
    }

    /** Whether what was asked for is what has come of it. */
    boolean isMet(Generations.Row before, Generations.Row after) {
        return switch (this) {
            case REPLAY, ROLLBACK -> after.live() != before.live();
            case DRY_RUN -> after.isWithoutDifferences();
            case RESUME -> before.dryRun() ? after.isWithoutDifferences() : after.live() != before.live();
            case PAUSE -> before.isBuilding() && after.isPaused();
            case DISCARD -> before.aside() != null && after.aside() == null;
        };
    }

    /** The same for a single ledger. */
    boolean isMet(Repairs.Row after) {
        return switch (this) {
            case PAUSE -> after.isPaused();
            case DISCARD -> after.isGivenUp();
            default -> after.isDone();
        };
    }
}
