package io.daybook.cli.events;

import io.daybook.cli.client.DaybookClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Searches the audit of an installation. */
record Audit(DaybookClient client) {

    /** How many rows are asked for at once, at most. */
    static final int PAGE = 500;

    /**
     * Gives what is found, newest first, page by page.
     *
     * @param most how many rows are wanted
     * @param wantsMore is given the rows of a page, and says whether the next is wanted
     */
    void search(Map<String, String> parameters, long most, Predicate<JsonNode> wantsMore) {
        long left = most;
        Map<String, String> asked = new LinkedHashMap<>(parameters);
        while (left > 0) {
            asked.put("limit", Long.toString(Math.min(left, PAGE)));
            JsonNode page = client.get("/v1/audit?" + encoded(asked)).body();
            left -= page.path("data").size();
            if (!wantsMore.test(page.path("data")) || page.path("next").isNull()) {
                return;
            }
            asked.put("cursor", page.path("next").asString());
        }
    }

    private static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
