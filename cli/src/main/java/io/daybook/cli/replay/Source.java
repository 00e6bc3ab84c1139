package io.daybook.cli.replay;

import java.util.Locale;

/** Where a replay takes the events from. */
enum Source {
    KAFKA,
    STORE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
