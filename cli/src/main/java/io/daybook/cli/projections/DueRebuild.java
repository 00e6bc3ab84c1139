package io.daybook.cli.projections;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rebuild of a projection whose format an upgrade has changed. */
public final class DueRebuild {

    private DueRebuild() {}

    /**
     * Tells of it in a line or two.
     *
     * @param projection as {@code GET /v1/projections} has it
     * @return null if none is due
     */
    public static @Nullable String line(JsonNode projection) {
        JsonNode rebuild = projection.path("rebuild");
        if (!rebuild.isObject()) {
            return null;
        }
        String name = projection.path("name").asString();
        String subject = name + " is in format " + rebuild.path("from").asInt() + ", and its rebuild in format "
                + rebuild.path("to").asInt();
        String detail = rebuild.path("detail").asString("");
        return switch (rebuild.path("state").asString("")) {
            case "running" ->
                String.format(
                        Locale.ROOT,
                        "rebuilding: %s goes on beside it, %,d of %,d events left%s",
                        subject,
                        rebuild.path("behind").asLong(),
                        rebuild.path("events").asLong(),
                        detail.isEmpty() ? "" : " (" + detail + ")");
            case "paused" ->
                "rebuild due: " + subject + " does not go on by itself: " + detail + "\n  './daybook replay resume "
                        + name + "' goes on with it, './daybook replay discard " + name + "' gives it up";
            case "given-up" ->
                "rebuild due: " + subject + " was given up" + (detail.isEmpty() ? "" : " (" + detail + ")")
                        + "; './daybook replay " + name + "' begins it again";
            default -> "rebuild due: " + subject + " begins by itself, when nothing else is being replayed";
        };
    }
}
