package io.daybook.projections.audit;

import io.daybook.projections.projection.PublishedEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The names of a generation's indices, one for each month.
 *
 * @param alias under which queries and Kibana find the live generation
 * @param before what the names of these indices begin with, and that of their template is
 */
record AuditIndices(String alias, String before) {

    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy.MM").withZone(ZoneOffset.UTC);

    /**
     * @param prefix that of the installation's indices
     */
    static AuditIndices of(String prefix, int generation) {
        String alias = prefix + "-events";
        return new AuditIndices(alias, generation == 1 ? alias : alias + "." + generation);
    }

    /** The index that the event belongs in: that of the month in which it was recorded, so that a repeat finds it again. */
    String of(PublishedEvent event) {
        return at(event.recorded().recordedAt());
    }

    /** The index of what is recorded then. */
    String at(Instant time) {
        return before + "-" + MONTH.format(time);
    }

    /** What all of them, and no others, match. */
    String all() {
        return before + "-*";
    }
}
