package io.daybook.cli.events;

import io.daybook.cli.client.DaybookClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Searches the audit of an installation. */
record Audit(DaybookClient client) {

    /** Begins a list of what the audit gets, in that order. */
    static final String ARRIVALS = "arrivals";

    /** How many rows are asked for at once, at most. */
    private static final int PAGE = 500;

    private static final String CURSOR = "cursor";

    /** Tells a row from all others: an event's id is unique in its ledger only. */
    static String key(JsonNode row) {
        return row.path("ledger").asString("") + "/" + row.path("id").asString();
    }

    /** What must be found as it is, in the language of the parameter {@code q}. */
    static String phrase(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /**
     * Gives what is found, newest first.
     *
     * @param isWanted whether a row that was found is one of those that are looked for
     * @param most how many rows are wanted
     * @return how many there were
     */
    long search(Map<String, String> parameters, Predicate<JsonNode> isWanted, long most, Consumer<JsonNode> row) {
        long left = most;
        Map<String, String> asked = new LinkedHashMap<>(parameters);
        while (left > 0) {
            asked.put("limit", Long.toString(Math.min(left, PAGE)));
            JsonNode page = ask(asked);
            List<JsonNode> wanted =
                    page.path("data").valueStream().filter(isWanted).toList();
            wanted.forEach(row);
            left -= wanted.size();
            if (page.path("next").isNull()) {
                break;
            }
            asked.put(CURSOR, page.path("next").asString());
        }
        return most - left;
    }

    /**
     * Gives what the audit has got since, in that order. What is not half a minute old is given again the next time, as
     * something before it may come into sight later.
     *
     * @param cursor {@link #ARRIVALS}, or what was returned the last time
     * @param page is given the rows as they are read
     * @return where to go on
     */
    String arrivals(Map<String, String> parameters, String cursor, Consumer<JsonNode> page) {
        Map<String, String> asked = new LinkedHashMap<>(parameters);
        asked.put("limit", Integer.toString(PAGE));
        asked.put(CURSOR, cursor);
        while (true) {
            JsonNode answer = ask(asked);
            page.accept(answer.path("data"));
            asked.put(CURSOR, answer.path("next").asString());
            if (answer.path("data").size() < PAGE) {
                return asked.get(CURSOR);
            }
        }
    }

    private JsonNode ask(Map<String, String> parameters) {
        return client.get("/v1/audit?" + encoded(parameters)).body();
    }

    private static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
