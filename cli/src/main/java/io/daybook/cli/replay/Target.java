package io.daybook.cli.replay;

import java.util.List;
import java.util.Locale;

/** What is replayed. */
enum Target {
    BALANCES,
    BOOKS,
    AUDIT,
    ALL;

    /** The names of the projections. */
    List<String> projections() {
        return this == ALL ? List.of(BALANCES.label(), BOOKS.label(), AUDIT.label()) : List.of(label());
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
