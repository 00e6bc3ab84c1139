package io.daybook.bench.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of a scenario.
 *
 * @param scenario its name
 * @param day on which it was measured
 * @param unit what was counted, in the plural
 * @param measure what was measured of it
 * @param results that of Daybook first
 * @param finding what they do not tell, or null
 */
public record Outcome(
        String scenario,
        LocalDate day,
        String description,
        String unit,
        String measure,
        List<Result> results,
        @Nullable String finding) {

    public static Outcome of(Scenario scenario, LocalDate day, List<Result> results) {
        return new Outcome(
                scenario.name(),
                day,
                scenario.description(),
                scenario.unit(),
                scenario.measure(),
                results,
                scenario.finding(results).orElse(null));
    }

    /** What Daybook measured by what each did, in the order of the results; 1 for Daybook itself. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public List<Double> ratios() {
        return results.stream()
                .map(result -> results.getFirst().ratioTo(result))
                .toList();
    }

    /** The result of whoever's name begins so. */
    public Optional<Result> of(String subject) {
        return results.stream()
                .filter(result -> result.subject().startsWith(subject))
                .findFirst();
    }
}
