package io.daybook.cli.replay;

/** What a command wants of projections, and of single ledgers in them. */
enum ReplayGoal {
    REPLAY,
    DRY_RUN,
    PAUSE,
    RESUME,
    ROLLBACK,
    DISCARD;

    /** What brings a replay there that is there already. */
    static ReplayGoal of(ReplayAction action) {
        return valueOf(action.name());
    }

    /** Whether events are posted for it, so that there is something to watch, and to pause. */
    boolean isPosting() {
        return this != PAUSE && this != DISCARD;
    }

    /** Whether somebody is at it; what is posting may be in the middle of something that takes its time. */
    boolean isTakenUp(ReplayPart part) {
        return part.state() != ReplayState.REQUESTED && part.action() == null
                || isPosting() && part.state().isAtWork();
    }

    /** Whether what was wanted of a generation is what has come of it. */
    boolean isMet(ReplayPart before, ReplayPart after) {
        return switch (this) {
            case REPLAY, ROLLBACK -> after.live() != before.live();
            case DRY_RUN -> after.isWithoutDifferences();
            case RESUME -> before.dryRun() ? after.isWithoutDifferences() : after.live() != before.live();
            case PAUSE -> before.state().isAtWork() && after.state() == ReplayState.PAUSED;
            case DISCARD -> before.aside() != null && after.aside() == null;
        };
    }

    /** The same for a single ledger. */
    boolean isMet(LedgerReplay after) {
        return switch (this) {
            case PAUSE -> after.state() == ReplayState.PAUSED;
            case DISCARD -> after.state() == ReplayState.DISCARDED;
            default -> after.state() == ReplayState.DONE;
        };
    }
}
