package io.daybook.stores.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The names of the indices that a generation's events are in, one for each month.
 *
 * @param alias under which queries and Kibana find the live generation
 * @param before what the names of these indices begin with, and that of their template is
 */
public record AuditIndices(String alias, String before) {

    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy.MM").withZone(ZoneOffset.UTC);

    /**
     * @param prefix that of the installation's indices
     */
    public static AuditIndices of(String prefix, int generation) {
        String alias = AuditKind.EVENTS.named(prefix);
        return new AuditIndices(alias, generation == 1 ? alias : alias + "." + generation);
    }

    /** Those that another index under the same alias is of. */
    public AuditIndices beside(String index) {
        return new AuditIndices(alias, index.substring(0, index.lastIndexOf('-')));
    }

    /** Whether these are under the alias by their template from the first one on. */
    public boolean areOfFirstGeneration() {
        return before.equals(alias);
    }

    /** The index of what is recorded then. An event that comes again belongs in the same one. */
    public String at(Instant time) {
        return start() + MONTH.format(time);
    }

    /** What their names, and no others, begin with. */
    public String start() {
        return before + "-";
    }

    /** What all of them, and no others, match. */
    public String all() {
        return start() + "*";
    }
}
