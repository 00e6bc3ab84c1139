package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import java.util.List;
import java.util.Map;

/** What somebody asks to be posted anew. */
sealed interface ReplayRequest {

    /** The names of the projections. */
    List<String> projections();

    ReplaySource source();

    /**
     * All that projections have, in new generations.
     *
     * @param parallel by how many threads each is posted
     * @param dryRun whether the new ones are only compared with the live ones
     */
    record Whole(List<String> projections, ReplaySource source, int parallel, boolean dryRun)
            implements ReplayRequest {}

    /**
     * Single ledgers, in their places.
     *
     * @param ledgers each with the sequence of the first event that is wanted anew
     */
    record Ledgers(List<String> projections, ReplaySource source, Map<LedgerId, Long> ledgers)
            implements ReplayRequest {}
}
