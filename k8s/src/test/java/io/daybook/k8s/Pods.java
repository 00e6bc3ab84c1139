package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Pods that are alike, of a workload or of an operator.
 *
 * @param maker what makes them
 * @param labels that they have
 * @param ports that they listen on, by name
 */
record Pods(String maker, Map<String, String> labels, Map<String, Integer> ports) {

    /** All that there will be in the namespace. */
    static List<Pods> of(Rendering rendering) {
        return Stream.concat(rendering.workloads().map(Pods::ofWorkload), Operators.pods(rendering).stream())
                .toList();
    }

    static Pods ofWorkload(Resource workload) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (JsonNode container : workload.podSpec().path("containers")) {
            for (JsonNode port : container.path("ports")) {
                ports.put(port.path("name").asText(), port.path("containerPort").asInt());
            }
        }
        return new Pods(workload.toString(), workload.podLabels(), ports);
    }

    /** Which part of Daybook they are; empty if they do not say. */
    String part() {
        return labels.getOrDefault("daybook.io/part", "");
    }

    boolean matches(JsonNode selector) {
        return Selectors.matches(selector, labels);
    }

    /** The number of a port that is given by its name or its number; 0 if they have no such port. */
    int port(JsonNode nameOrNumber) {
        if (nameOrNumber.isTextual()) {
            return ports.getOrDefault(nameOrNumber.asText(), 0);
        }
        return ports.containsValue(nameOrNumber.asInt()) ? nameOrNumber.asInt() : 0;
    }
}
