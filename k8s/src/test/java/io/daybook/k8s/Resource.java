package io.daybook.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One of the things that are applied. */
record Resource(JsonNode json) {

    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet", "Job");

    String apiVersion() {
        return json.path("apiVersion").asText();
    }

    String kind() {
        return json.path("kind").asText();
    }

    String name() {
        return json.at("/metadata/name").asText();
    }

    /** Whether it makes pods by itself, without an operator. */
    boolean isWorkload() {
        return WORKLOADS.contains(kind());
    }

    JsonNode spec() {
        return json.path("spec");
    }

    /** That of a workload's pods. */
    JsonNode podSpec() {
        return json.at("/spec/template/spec");
    }

    /** Those of a workload's pods, also those that only come before the others. */
    List<JsonNode> containers() {
        List<JsonNode> containers = new ArrayList<>();
        podSpec().path("containers").forEach(containers::add);
        podSpec().path("initContainers").forEach(containers::add);
        return containers;
    }

    /** The labels of a workload's pods. */
    Map<String, String> podLabels() {
        return texts(json.at("/spec/template/metadata/labels"));
    }

    /** The members of an object whose values are texts. */
    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(member -> texts.put(member.getKey(), member.getValue().asText()));
        return texts;
    }

    @Override
    public String toString() {
        return kind() + " " + name();
    }
}
