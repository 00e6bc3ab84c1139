package io.daybook.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is measured, and who takes part. */
interface Scenario {

    /** Makes a subject ready on services of its own. */
    @FunctionalInterface
    interface Maker {
        Subject make(Map<String, String> services) throws Exception;
    }

    /** What it is called on the command line. */
    String name();

    /** What it is called in a heading. */
    String title();

    /** Its measures, in sentences. */
    String description();

    /** What is counted, in the plural. */
    String unit();

    /** Which PostgreSQL server's part is told: {@link Database#EVENT_STORE} or {@link Database#BOOKS}. */
    default String database() {
        return Database.EVENT_STORE;
    }

    /** Daybook first, then what it is compared with. */
    List<Maker> subjects();

    /** In a sentence, what the table of the results does not tell. */
    default Optional<String> finding(List<Result> results) {
        return Optional.empty();
    }
}
