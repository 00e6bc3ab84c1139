package io.daybook.bench.measure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one or several runs have measured; it can be kept as JSON.
 *
 * @param machine facts by name, in the order in which they are told
 */
public record Measurements(Map<String, String> machine, List<Outcome> outcomes) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public static Measurements ofJson(String json) {
        return JSON.readValue(json, Measurements.class);
    }

    public String json() {
        return JSON.writeValueAsString(this);
    }

    /**
     * One of several; where a scenario was measured twice, the later counts.
     *
     * @throws IllegalArgumentException if they were measured on different machines: a page is about one
     */
    public static Measurements of(List<Measurements> runs) {
        Map<String, String> machine = runs.getLast().machine();
        for (Measurements run : runs) {
            if (!run.machine().equals(machine)) {
                throw new IllegalArgumentException("these were measured on different machines, or with other settings: "
                        + run.machine() + " and " + machine + "; measure all of them on one");
            }
        }
        Collection<Outcome> outcomes = runs.stream()
                .map(Measurements::outcomes)
                .flatMap(List::stream)
                .collect(Collectors.toMap(
                        Outcome::scenario, Function.identity(), (earlier, later) -> later, LinkedHashMap::new))
                .values();
        return new Measurements(machine, List.copyOf(outcomes));
    }

    /** The days on which it was measured. */
    public SortedSet<String> days() {
        return outcomes.stream()
                .map(outcome -> outcome.day().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those outcomes of which the name is this, or, if it ends with a slash, begins so. */
    public Stream<Outcome> of(String scenario) {
        return outcomes.stream()
                .filter(outcome -> scenario.endsWith("/")
                        ? outcome.scenario().startsWith(scenario)
                        : outcome.scenario().equals(scenario));
    }
}
