package io.daybook.bench.report;

import io.daybook.bench.measure.Measurements;
import io.daybook.bench.measure.Outcome;
import io.daybook.bench.measure.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Measurements as tables, and as a page. */
public final class Report {

    /** With what tells why, and what design would reach it. */
    private static final String NOT_REACHED = "[**no**](adr/0032-what-is-not-reached.md)";

    private final Measurements measurements;

    public Report(Measurements measurements) {
        this.measurements = measurements;
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Outcome outcome : measurements.outcomes()) {
            text.append('\n').append(table(outcome, outcome.scenario()).text());
            if (outcome.finding() != null) {
                text.append(outcome.finding()).append('\n');
            }
        }
        List<List<String>> targets = new ArrayList<>();
        for (Target target : Target.ALL) {
            target.in(measurements)
                    .ifPresent(finding -> targets.add(List.of(
                            target.what(), target.wanted(), finding.measured(), finding.isMet() ? "yes" : "no")));
        }
        if (!targets.isEmpty()) {
            text.append('\n')
                    .append(new Table(List.of("what it should reach", "wanted", "measured", "met"), targets).text());
        }
        return text.toString();
    }

    /**
     * For people.
     *
     * @param chart where the chart is, seen from the page
     */
    public String markdown(String chart) {
        StringBuilder page = new StringBuilder("# Performance\n\n");
        page.append("Measured on ")
                .append(String.join(", ", measurements.days()))
                .append("""
                         by `./daybook bench`, which wrote this page. Daybook and what it is compared with take turns, round by round, on the same services; what is told are medians over the rounds, and of ratios the median of each round's. Every book was checked afterwards.

                        ## What it should reach

                        """);
        page.append(targets().markdown());
        page.append("\n![What was measured against what is wanted](")
                .append(chart)
                .append(")\n\n");
        page.append("## The machine\n\n");
        page.append(new Table(
                        List.of("", ""),
                        measurements.machine().entrySet().stream()
                                .map(fact -> List.of(fact.getKey(), fact.getValue()))
                                .toList())
                .markdown());
        for (Outcome outcome : measurements.outcomes()) {
            page.append("\n## ").append(outcome.scenario()).append("\n\n");
            page.append(outcome.description()).append("\n\n");
            page.append(table(outcome, "").markdown());
            if (outcome.finding() != null) {
                page.append('\n').append(outcome.finding()).append('\n');
            }
        }
        page.append("""

                ## How to read it

                The name of a section is what to ask for: `./daybook bench any_bounded_to_any/1/1024` measures that one alone.

                - *Daybook's ratio* is what Daybook measured by what the row did.
                - A latency is that of a command or a request, however many transfers are in it; for raw rows that of a transaction of 500. The loops are closed: a client gives its next command when the last was answered. Where a rate is given, commands come by a schedule, and a latency counts from when the command was due (no coordinated omission).
                - *JVM* and *PostgreSQL* are the parts of all processors' time that the measuring process, with Daybook and the clients in it, and the database servers used. Kafka, Redis, Elasticsearch and idling have the rest.
                - *WAL* is what PostgreSQL wrote to its log for each transfer or event; *files* is what it wrote to all files, log, tables and indexes, while it was measured: what is still in its buffers is written later, and for everybody.
                - Daybook's command side publishes to Kafka meanwhile; the others publish nothing. The SQL ledger is a function in the database, called in process by as many clients as gave it the best rate in a trial before. Clients over HTTP share the processors with what they measure.
                """);
        return page.toString();
    }

    private Table targets() {
        List<List<String>> rows = new ArrayList<>();
        for (Target target : Target.ALL) {
            Target.@Nullable Finding finding = target.in(measurements).orElse(null);
            rows.add(
                    finding == null
                            ? List.of(target.what(), target.wanted(), "not measured", Table.NONE)
                            : List.of(
                                    "[" + target.what() + "](#" + anchor(finding.scenario()) + ")",
                                    target.wanted(),
                                    finding.measured(),
                                    finding.isMet() ? "yes" : NOT_REACHED));
        }
        return new Table(List.of("", "wanted", "measured", "met"), rows);
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.replace("/", "");
    }

    private static Table table(Outcome outcome, String name) {
        List<List<String>> rows = new ArrayList<>();
        for (Result result : outcome.results()) {
            Result.@Nullable Latencies latencies = result.latencies();
            boolean isRate = outcome.measure().endsWith("/s");
            rows.add(List.of(
                    result.subject(),
                    number("%,.0f", result.value()),
                    number("%.2f", outcome.results().getFirst().ratioTo(result)),
                    latencies == null ? Table.NONE : number("%.2f", latencies.p50Millis()),
                    latencies == null ? Table.NONE : number("%.2f", latencies.p99Millis()),
                    latencies == null ? Table.NONE : number("%.2f", latencies.p999Millis()),
                    isRate ? number("%.0f %%", result.jvmShare() * 100) : Table.NONE,
                    isRate ? number("%.0f %%", result.postgresShare() * 100) : Table.NONE,
                    isRate ? bytes(result.walBytesEach()) : Table.NONE,
                    isRate ? bytes(result.fileBytesEach()) : Table.NONE));
        }
        return new Table(
                        List.of(
                                name,
                                outcome.measure(),
                                "Daybook's ratio",
                                "p50 ms",
                                "p99 ms",
                                "p99.9 ms",
                                "JVM",
                                "PostgreSQL",
                                "WAL bytes each",
                                "file bytes each"),
                        rows)
                .withoutEmptyColumns();
    }

    /** Some tens of bytes an event come from what else goes on; a column of nothing else would mean nothing. */
    private static String bytes(double each) {
        return each < 0.5 ? Table.NONE : number("%,.0f", each);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
