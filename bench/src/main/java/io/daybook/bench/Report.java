package io.daybook.bench;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The results as a table, a page, and JSON. */
final class Report {

    private record Row(Scenario scenario, List<Result> results) {
        Optional<String> finding() {
            return scenario.finding(results);
        }
    }

    private final Machine machine;
    private final List<Row> rows = new ArrayList<>();

    Report(Machine machine) {
        this.machine = machine;
    }

    /**
     * @param results that of Daybook first
     */
    void add(Scenario scenario, List<Result> results) {
        rows.add(new Row(scenario, results));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%-36s %12s %8s %9s %9s %9s %6s %9s%n",
                    row.scenario().name(),
                    row.scenario().unit() + "/s",
                    "ratio",
                    "p50 ms",
                    "p99 ms",
                    "p99.9 ms",
                    "JVM %",
                    "WAL B"));
            Result daybook = row.results().getFirst();
            for (Result result : row.results()) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %-34s %,12.0f %8.2f %9s %9s %9s %6.0f %,9.0f%n",
                        result.subject(),
                        result.rate(),
                        daybook.ratioTo(result),
                        millis(result, 50),
                        millis(result, 99),
                        millis(result, 99.9),
                        result.jvmShare() * 100,
                        result.walBytesEach()));
            }
            row.finding().ifPresent(finding -> text.append("  ").append(finding).append('\n'));
        }
        return text.toString();
    }

    String markdown() {
        StringBuilder page = new StringBuilder("# Performance\n\n");
        page.append("Measured on ")
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(
                        " by `./daybook bench`, which wrote this page. Rates are medians over the rounds; *ratio* is Daybook's rate")
                .append(
                        " by the other's, the median over the rounds, in which they take turns. All use the same PostgreSQL")
                .append(" server. Every book was checked afterwards.\n\n| | |\n| --- | --- |\n");
        machine.facts().forEach((name, fact) -> page.append("| ")
                .append(name)
                .append(" | ")
                .append(fact)
                .append(" |\n"));
        for (Row row : rows) {
            Scenario scenario = row.scenario();
            page.append(String.format(Locale.ROOT, "%n## %s%n%n%s%n%n", scenario.title(), scenario.description()));
            page.append(
                            "| | " + scenario.unit()
                                    + "/s | ratio | p50 ms | p99 ms | p99.9 ms | JVM's part of the processor | WAL bytes each |\n")
                    .append("| --- | --: | --: | --: | --: | --: | --: | --: |\n");
            Result daybook = row.results().getFirst();
            for (Result result : row.results()) {
                page.append(String.format(
                        Locale.ROOT,
                        "| %s | %,.0f | %.2f | %s | %s | %s | %.0f %% | %,.0f |%n",
                        result.subject(),
                        result.rate(),
                        daybook.ratioTo(result),
                        millis(result, 50),
                        millis(result, 99),
                        millis(result, 99.9),
                        result.jvmShare() * 100,
                        result.walBytesEach()));
            }
            row.finding().ifPresent(finding -> page.append('\n').append(finding).append('\n'));
        }
        page.append("""

                Latencies are those of a command or a request, however many transfers are in it; for raw inserts of a
                transaction of 500 rows, and of as many clients as there are; the loop is closed unless a schedule is told. Daybook's
                command side publishes to Kafka meanwhile; the others publish nothing. The SQL ledger is a function in the database, called
                in process by as many clients as gave it the best rate in a trial before. Clients over HTTP share the
                processors with what they measure.
                """);
        return page.toString();
    }

    private static String millis(Result result, double percentile) {
        return result.hasLatencies() ? String.format(Locale.ROOT, "%.2f", result.latencyMillis(percentile)) : "-";
    }

    String json() {
        List<Map<String, Object>> scenarios = new ArrayList<>();
        for (Row row : rows) {
            Result daybook = row.results().getFirst();
            List<Map<String, Object>> results = new ArrayList<>();
            for (Result result : row.results()) {
                Map<String, Object> numbers = new LinkedHashMap<>();
                numbers.put("subject", result.subject());
                numbers.put("rates", result.rates());
                numbers.put("rate", result.rate());
                numbers.put("ratio", daybook.ratioTo(result));
                if (result.hasLatencies()) {
                    numbers.put("p50Millis", result.latencyMillis(50));
                    numbers.put("p99Millis", result.latencyMillis(99));
                    numbers.put("p999Millis", result.latencyMillis(99.9));
                }
                numbers.put("jvmSeconds", result.used().jvmSeconds());
                numbers.put("postgresSeconds", result.used().postgresSeconds());
                numbers.put("walBytesEach", result.walBytesEach());
                results.add(numbers);
            }
            Map<String, Object> scenario = new LinkedHashMap<>();
            scenario.put("scenario", row.scenario().name());
            scenario.put("description", row.scenario().description());
            scenario.put("results", results);
            row.finding().ifPresent(finding -> scenario.put("finding", finding));
            scenarios.add(scenario);
        }
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(Map.of("machine", machine.facts(), "scenarios", scenarios));
    }
}
