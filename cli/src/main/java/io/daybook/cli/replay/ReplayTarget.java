package io.daybook.cli.replay;

import java.util.List;

/** What is replayed; named as it is typed. */
enum ReplayTarget {
    balances,
    books,
    audit,
    all;

    /** The names of the projections. */
    List<String> projections() {
        return this == all ? List.of(balances.name(), books.name(), audit.name()) : List.of(name());
    }
}
