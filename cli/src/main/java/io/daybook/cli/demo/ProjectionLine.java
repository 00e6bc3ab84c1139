package io.daybook.cli.demo;

import io.daybook.cli.client.DaybookClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How far a book has come.
 *
 * @param lagEvents how many events of Kafka it has yet to read; negative if it cannot tell
 * @param parked how many events wait for somebody to look at them
 */
record ProjectionLine(String name, long generation, String state, long lagEvents, long parked) {

    /** The projections that make a whole Daybook. */
    static final Set<String> NAMES = Set.of("balances", "books", "audit");

    static List<ProjectionLine> all(DaybookClient client) {
        List<ProjectionLine> projections = new ArrayList<>();
        for (JsonNode json : client.get("/v1/projections").body().path("data")) {
            projections.add(new ProjectionLine(
                    json.path("name").asString(""),
                    json.path("generation").asLong(0),
                    json.path("state").asString(""),
                    json.path("lagEvents").asLong(-1),
                    json.path("parked").asLong(0)));
        }
        return List.copyOf(projections);
    }

    boolean isCaughtUp() {
        return lagEvents == 0;
    }

    /** How far behind it is, in words. */
    String behind() {
        return lagEvents < 0
                ? "unknown"
                : lagEvents == 0 ? "nothing" : String.format(Locale.ROOT, "%,d events", lagEvents);
    }
}
