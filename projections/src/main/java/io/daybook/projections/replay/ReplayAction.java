package io.daybook.projections.replay;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked of a replay that is there. */
enum ReplayAction {
    /** What is under way waits; what nobody has begun with is taken back. */
    PAUSE("nothing is being replayed that could be paused"),
    /** What is paused goes on, and a ledger that failed is tried again. */
    RESUME("nothing is paused that could be resumed"),
    /** The generation that is not live is dropped, and ledgers that are posted anew are given up: they stay parked. */
    DISCARD("there is nothing aside to discard"),
    /** The generation that was live before is brought up to date, and exchanged with the one that is. */
    ROLLBACK("there is no generation before this one any more");

    private final String impossible;

    ReplayAction(String impossible) {
        this.impossible = impossible;
    }

    /** Why it is not done where there is nothing to do it with. */
    String impossible() {
        return impossible;
    }

    /** As tables and documents have it. */
    @JsonValue
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<ReplayAction> of(@Nullable String label) {
        return Arrays.stream(values())
                .filter(action -> action.label().equals(label))
                .findFirst();
    }

    /**
     * What can be asked of a generation, as its row has it.
     *
     * @param state of the one aside, or null
     * @param wanted what was asked for and is not taken up yet, or null
     */
    static List<ReplayAction> ofGeneration(@Nullable String state, @Nullable String wanted) {
        boolean isBuilding = GenerationTable.BUILDING.equals(state);
        return switch (wanted) {
            case "replay", "dry-run" -> isBuilding ? List.of() : List.of(PAUSE, DISCARD);
            case "resume", "rollback" -> isBuilding ? List.of() : List.of(PAUSE);
            case null ->
                switch (state) {
                    case GenerationTable.BUILDING -> List.of(PAUSE, DISCARD);
                    case GenerationTable.PAUSED -> List.of(RESUME, DISCARD);
                    case GenerationTable.KEPT -> List.of(ROLLBACK, DISCARD);
                    case null, default -> List.of();
                };
            default -> List.of();
        };
    }

    /** What can be asked of a ledger that is posted anew. */
    static List<ReplayAction> ofLedger(ReplayState state) {
        return switch (state) {
            case REQUESTED, RUNNING -> List.of(PAUSE, DISCARD);
            case PAUSED, FAILED -> List.of(RESUME, DISCARD);
            default -> List.of();
        };
    }
}
