package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What labels match, as Kubernetes has it. */
final class Selectors {

    private Selectors() {}

    /** By a {@code LabelSelector}: one that is empty matches all. */
    static boolean matches(JsonNode selector, Map<String, String> labels) {
        for (JsonNode expression : selector.path("matchExpressions")) {
            if (!expression.path("operator").asText().equals("In")) {
                throw new AssertionError("an operator that is not known here: " + expression);
            }
            String label = labels.get(expression.path("key").asText());
            boolean in = false;
            for (JsonNode value : expression.path("values")) {
                in |= value.asText().equals(label);
            }
            if (!in) {
                return false;
            }
        }
        return hasAll(labels, selector.path("matchLabels"));
    }

    /** By the plain map of labels that a Service has. */
    static boolean hasAll(Map<String, String> labels, JsonNode wanted) {
        return labels.entrySet().containsAll(Resource.texts(wanted).entrySet());
    }
}
