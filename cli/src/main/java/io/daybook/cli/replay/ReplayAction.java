package io.daybook.cli.replay;

import java.util.Locale;

/** What can be asked of a replay that is there. */
enum ReplayAction {
    PAUSE,
    RESUME,
    ROLLBACK,
    DISCARD;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
