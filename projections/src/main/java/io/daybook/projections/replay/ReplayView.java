package io.daybook.projections.replay;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A replay as it is told: what somebody has asked for, and what has become of it.
 *
 * @param events how many events there are to post, in all parts, and {@code behind} of them are left
 * @param rate events a second, over the last seconds
 * @param leftMillis how long it takes at this rate, in milliseconds; null if nothing is posted
 * @param detail what it is doing, or what came of it
 * @param differences what a dry run has found, some examples; null if it is none, or has not compared yet
 * @param parts one for each projection
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayView(
        UUID id,
        ReplayState state,
        Instant requestedAt,
        long events,
        long behind,
        double rate,
        @Nullable Long leftMillis,
        @Nullable String detail,
        @Nullable List<String> differences,
        List<PartView> parts) {

    /**
     * What a replay does with one projection.
     *
     * @param action what was asked of it and is not taken up yet, or null
     * @param live the number of the live generation; null if single ledgers are posted anew
     * @param aside the number of the one that is not, or null if there is none
     * @param dryRun whether the one aside is only compared
     * @param behindLive how many of the events that are left the live generation has posted
     * @param ledgers how many ledgers are posted anew; null if it is about all that the projection has
     * @param actions what can be asked of it now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartView(
            String projection,
            ReplayState state,
            @Nullable ReplayAction action,
            @Nullable Integer live,
            @Nullable Integer aside,
            boolean dryRun,
            long events,
            long behind,
            @Nullable Long behindLive,
            double rate,
            @Nullable String detail,
            @Nullable List<String> differences,
            @Nullable Long ledgers,
            List<ReplayAction> actions) {

        private @Nullable String titled() {
            return detail == null ? null : projection + ": " + detail;
        }
    }

    static ReplayView of(UUID id, Instant requestedAt, List<PartView> parts) {
        long behind = parts.stream().mapToLong(PartView::behind).sum();
        double rate = parts.stream().mapToDouble(PartView::rate).sum();
        List<String> differences = null;
        for (PartView part : parts) {
            if (part.differences() != null) {
                differences = differences == null ? new ArrayList<>() : differences;
                differences.addAll(part.differences());
            }
        }
        String detail = parts.size() == 1
                ? parts.getFirst().detail()
                : parts.stream().map(PartView::titled).filter(Objects::nonNull).collect(Collectors.joining("; "));
        return new ReplayView(
                id,
                ReplayState.of(parts.stream().map(PartView::state).toList()),
                requestedAt,
                parts.stream().mapToLong(PartView::events).sum(),
                behind,
                rate,
                rate > 0 ? Math.round(behind / rate * 1_000) : null,
                detail == null || detail.isEmpty() ? null : detail,
                differences,
                parts);
    }
}
