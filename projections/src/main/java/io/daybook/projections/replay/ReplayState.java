package io.daybook.projections.replay;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What has become of a replay, or of a part of it. What has several parts is as far as that which comes first here. */
enum ReplayState {
    /** Events are posted. */
    RUNNING,
    /** Everything is posted, and compared with the live generation. */
    COMPARING,
    /** It was asked for, and nobody has begun with it yet. */
    REQUESTED,
    /** It does not go on by itself: somebody has paused it, or what was built is not right. */
    PAUSED,
    /** It could not be done. */
    FAILED,
    /** It was given up. */
    DISCARDED,
    /** What was posted is live. */
    SWAPPED,
    /** A dry run has compared, or a ledger was posted anew, or it is what came of the events in the first place. */
    DONE;

    @JsonValue
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ReplayState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Of a whole with parts in these states. */
    static ReplayState of(Collection<ReplayState> parts) {
        return parts.stream().min(Comparator.naturalOrder()).orElse(DISCARDED);
    }

    /**
     * Of a generation, as its row has it.
     *
     * @param state of the one aside, or null
     * @param wanted what was asked for and is not taken up yet, or null
     * @param outcome what came of what was asked for last; null if that is under way, or unknown
     */
    static ReplayState ofGeneration(
            @Nullable String state, @Nullable String wanted, boolean comparing, @Nullable String outcome) {
        if ("replay".equals(wanted) || "dry-run".equals(wanted)) {
            return REQUESTED;
        }
        return switch (state) {
            case GenerationTable.BUILDING -> comparing ? COMPARING : RUNNING;
            // What a dry run has compared is dropped, which may take its time.
            case GenerationTable.PAUSED -> comparing ? COMPARING : PAUSED;
            case GenerationTable.KEPT -> outcome == null ? SWAPPED : of(outcome);
            case null, default -> outcome == null ? DONE : of(outcome);
        };
    }

    /** Of a ledger that is posted anew, as its row has it. */
    static ReplayState ofRepair(String state) {
        return state.equals("wanted") ? REQUESTED : of(state);
    }
}
