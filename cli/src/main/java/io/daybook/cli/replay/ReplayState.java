package io.daybook.cli.replay;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What has become of a replay, or of a ledger in it, in the words of the contract. */
enum ReplayState {
    REQUESTED,
    RUNNING,
    PAUSED,
    COMPARING,
    SWAPPED,
    DONE,
    FAILED,
    DISCARDED;

    static ReplayState of(JsonNode state) {
        return valueOf(state.asString().toUpperCase(Locale.ROOT));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether somebody is at it. */
    boolean isAtWork() {
        return this == RUNNING || this == COMPARING;
    }

    /** Whether something more comes of it by itself. */
    boolean isUnderWay() {
        return isAtWork() || this == REQUESTED;
    }
}
