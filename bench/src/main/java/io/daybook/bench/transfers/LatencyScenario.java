package io.daybook.bench.transfers;

import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Result;
import io.daybook.bench.measure.Scenario;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How long an answer takes when transfers come at a steady rate, which is not the most that can be taken.
 *
 * @param rate transfers a second
 * @param accounts how many accounts the ledger has
 */
public record LatencyScenario(int rate, int accounts) implements Scenario {

    public static final String NAME = "latency_at_rate";

    @Override
    public String name() {
        return NAME + "/" + rate;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s, in process. Transfers a second, by a schedule: %,d. Ledgers: 1, with %,d accounts. A latency"
                        + " counts from when the transfer was due.",
                Flow.ANY_BOUNDED_TO_ANY.words(),
                rate,
                accounts);
    }

    @Override
    public String unit() {
        return "transfers";
    }

    @Override
    public List<Maker> subjects() {
        TransferScenario transfers =
                new TransferScenario(Flow.ANY_BOUNDED_TO_ANY, 1, Integer.MAX_VALUE, Way.IN_PROCESS, accounts);
        return List.of(
                services -> new DaybookSubject(
                        "Daybook",
                        transfers,
                        0,
                        services,
                        (inProcess, port) -> duration ->
                                Loop.atRate(Loop.schedule(System.nanoTime(), rate), duration, inProcess::submit)),
                DurableCommits::new);
    }

    /** They are compared by their latencies: the rate of the one is given. */
    @Override
    public Optional<String> finding(List<Result> results) {
        return Optional.of(String.format(
                Locale.ROOT,
                "Daybook's p99 is %.1f × the median, and %.1f × the p99, of a durable commit.",
                commits(results),
                latencies(results.getFirst()).p99Millis()
                        / latencies(results.getLast()).p99Millis()));
    }

    /** How many durable commits, as one takes in the median, Daybook's p99 is. */
    public static double commits(List<Result> results) {
        return latencies(results.getFirst()).p99Millis()
                / latencies(results.getLast()).p50Millis();
    }

    private static Result.Latencies latencies(Result result) {
        return Objects.requireNonNull(result.latencies(), "somebody waited for every answer");
    }
}
