package io.daybook.projections.replay;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that is posted anew in a projection.
 *
 * @param reached the sequence of the last event that is posted anew
 * @param events how many events there are to read for it, and {@code behind} of them are left
 * @param rate events a second, over the last seconds
 * @param detail why it does not go on, or what came of it
 * @param actions what can be asked of it now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LedgerReplayView(
        String projection,
        String ledger,
        ReplayState state,
        long reached,
        long events,
        long behind,
        double rate,
        @Nullable String detail,
        List<ReplayAction> actions) {}
