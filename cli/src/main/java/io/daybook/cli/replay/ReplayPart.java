package io.daybook.cli.replay;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a replay does with one projection: with all of it, or with single ledgers.
 *
 * @param replay the id of the replay
 * @param action what was asked of it and is not taken up yet, or null
 * @param live the number of the live generation; of no meaning for single ledgers
 * @param aside the number of the one that is not, or null if there is none
 * @param dryRun whether the one aside is only compared
 * @param events how many events there are to post, and {@code behind} of them are left
 * @param behindLive how many of these the live generation has posted
 * @param detail what it is doing, or what came of it
 * @param differences what a dry run has found; null if it has not compared
 * @param ofLedgers whether it is about single ledgers
 * @param actions what can be asked of it now
 */
record ReplayPart(
        String replay,
        String projection,
        ReplayState state,
        @Nullable String action,
        int live,
        @Nullable Integer aside,
        boolean dryRun,
        long events,
        long behind,
        long behindLive,
        @Nullable String detail,
        @Nullable List<String> differences,
        boolean ofLedgers,
        List<String> actions) {

    /** Which part of which replay. */
    record Key(String replay, String projection, boolean ofLedgers) {}

    static List<ReplayPart> of(JsonNode replay) {
        String id = replay.path("id").asString();
        return replay.path("parts").valueStream().map(part -> of(id, part)).toList();
    }

    private static ReplayPart of(String replay, JsonNode part) {
        return new ReplayPart(
                replay,
                part.path("projection").asString(),
                ReplayState.of(part.path("state")),
                text(part.path("action")),
                part.path("live").asInt(0),
                part.path("aside").isNumber() ? part.path("aside").asInt() : null,
                part.path("dryRun").asBoolean(),
                part.path("events").asLong(),
                part.path("behind").asLong(),
                part.path("behindLive").asLong(0),
                text(part.path("detail")),
                part.path("differences").isArray() ? texts(part.path("differences")) : null,
                part.path("ledgers").isNumber(),
                texts(part.path("actions")));
    }

    static @Nullable String text(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    Key key() {
        return new Key(replay, projection, ofLedgers);
    }

    boolean canBe(ReplayAction action) {
        return actions.contains(action.label());
    }

    /** Whether something more comes of it by itself. */
    boolean isUnderWay() {
        return state.isUnderWay() || action != null;
    }

    /** Whether that is what a dry run has found. */
    boolean isWithoutDifferences() {
        return state == ReplayState.DONE && differences != null && differences.isEmpty();
    }

    /** What there is to tell while it is under way; empty for nothing. */
    String note() {
        if (ofLedgers) {
            return detail == null ? "" : projection + ": " + detail;
        }
        String behind = events == 0 ? null : String.format(Locale.ROOT, "%,d behind live", behindLive);
        String note = Stream.of(behind, detail).filter(Objects::nonNull).collect(Collectors.joining(", "));
        return note.isEmpty() ? "" : projection + " " + note;
    }

    /** What there is to tell of a generation when it is over. */
    String outcome() {
        String outcome = detail;
        if (state == ReplayState.DONE && differences != null) {
            outcome = differences.isEmpty()
                    ? "no differences"
                    : "differences, for example: " + String.join("; ", differences);
        }
        return projection + ": " + Objects.requireNonNullElse(outcome, "generation " + live + " is live");
    }
}
