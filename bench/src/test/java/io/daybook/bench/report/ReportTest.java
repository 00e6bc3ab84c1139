package io.daybook.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daybook.bench.measure.Measurements;
import io.daybook.bench.measure.Meter;
import io.daybook.bench.measure.Outcome;
import io.daybook.bench.measure.Result;
import io.daybook.bench.measure.Result.Latencies;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {

    private static final Map<String, String> MACHINE = Map.of("processors", "2 × some");

    @Test
    void a_target_is_met_or_not_and_linked_to_its_section() {
        Measurements measured = measured(
                outcome(
                        "any_bounded_to_any/1/1024",
                        "2026-01-30",
                        30_000,
                        "stock Axon",
                        500,
                        "SQL ledger, 16 clients",
                        5_000),
                outcome("memory/1000000", "2026-01-31", 200, "a HashMap of strings and longs", 100));

        assertThat(new Report(measured).markdown("performance.svg"))
                .contains("Measured on 2026-01-30, 2026-01-31")
                .contains("| [one ledger, in process, 1,024 in flight, against stock Axon](#any_bounded_to_any11024)"
                        + " | at least 50 × | 60 × | yes |")
                .contains("(#any_bounded_to_any11024) | at least 15 × | 6 × | [**no**](adr/0032-")
                .contains(
                        "| [memory of a ledger for each account](#memory1000000) | below 150 bytes | 200 bytes | [**no**]")
                .contains("| a hot account against spread accounts | at least 0.9 × | not measured | - |")
                .contains("## any_bounded_to_any/1/1024");
    }

    @Test
    void a_ratio_is_the_median_of_those_of_the_rounds() {
        Outcome outcome = new Outcome(
                "growth/10000000",
                LocalDate.of(2026, 1, 31),
                "Description.",
                "transfers",
                "transfers/s",
                List.of(result("Daybook after", null, 100, 200, 300), result("Daybook before", null, 100, 400, 900)),
                null);

        assertThat(outcome.ratios()).containsExactly(1.0, 0.5);
        assertThat(Target.ALL.stream()
                        .flatMap(target -> target.in(measured(outcome)).stream())
                        .toList())
                .singleElement()
                .satisfies(finding -> assertThat(finding.value()).isEqualTo(0.5));
    }

    @Test
    void what_is_late_is_told_of_the_slowest() {
        Outcome outcome = new Outcome(
                "lag_at_rate/2000",
                LocalDate.of(2026, 1, 31),
                "Description.",
                "events",
                "events/s",
                List.of(
                        result("balances", new Latencies(9, 1, 20, 30), 2_000),
                        result("books", new Latencies(9, 1, 251, 300), 2_000)),
                null);

        assertThat(new Report(measured(outcome)).text()).containsPattern("below 250 ms +251 ms +no");
    }

    @Test
    void of_several_runs_the_later_counts() {
        Outcome first = outcome("hot_account", "2026-01-30", 100, "Daybook, world_to_any", 100);
        Outcome other = outcome("memory/1000", "2026-01-30", 100, "a HashMap", 100);
        Outcome later = outcome("hot_account", "2026-01-31", 90, "Daybook, world_to_any", 100);

        assertThat(Measurements.of(List.of(measured(first, other), measured(later)))
                        .outcomes())
                .containsExactly(later, other);
    }

    @Test
    void runs_on_different_machines_make_no_page() {
        Measurements here = measured(outcome("hot_account", "2026-01-30", 100, "Daybook, world_to_any", 100));
        Measurements there = new Measurements(Map.of("processors", "64 × other"), here.outcomes());

        assertThatThrownBy(() -> Measurements.of(List.of(here, there)))
                .hasMessageContaining("2 × some")
                .hasMessageContaining("64 × other");
    }

    @Test
    void the_chart_has_a_bar_and_a_mark_for_each_ratio() throws Exception {
        Measurements measured = measured(
                outcome("any_bounded_to_any/1/1024", "2026-01-31", 30_000, "stock Axon", 500, "raw inserts", 90_000),
                outcome("hot_account", "2026-01-31", 95, "Daybook, world_to_any", 100),
                outcome("memory/1000000", "2026-01-31", 200, "a HashMap of strings and longs", 100));

        Document chart = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(new Chart(measured).svg())));

        // Two are the legend's; memory is not a ratio.
        assertThat(chart.getElementsByTagName("rect").getLength()).isEqualTo(2 + 3);
        assertThat(chart.getDocumentElement().getTextContent())
                .contains("60 × of 50 ×", "0.33 × of 0.6 ×", "0.95 × of 0.9 ×");
    }

    private static Measurements measured(Outcome... outcomes) {
        return new Measurements(MACHINE, List.of(outcomes));
    }

    private static Outcome outcome(String scenario, String day, double daybook, Object... others) {
        List<Result> results = new ArrayList<>();
        results.add(result("Daybook", null, daybook));
        for (int i = 0; i < others.length; i += 2) {
            results.add(result((String) others[i], null, ((Number) others[i + 1]).doubleValue()));
        }
        boolean isMemory = scenario.startsWith("memory");
        return new Outcome(
                scenario,
                LocalDate.parse(day),
                "Description.",
                isMemory ? "bytes" : "transfers",
                isMemory ? "bytes an account" : "transfers/s",
                results,
                null);
    }

    private static Result result(String subject, @Nullable Latencies latencies, double... values) {
        return new Result(
                subject,
                Arrays.stream(values).boxed().toList(),
                latencies,
                new Meter.Reading(10, 5, 4, 1_000, 2_000),
                10);
    }
}
