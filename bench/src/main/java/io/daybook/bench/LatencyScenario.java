package io.daybook.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long an answer takes when transfers come at a steady rate, which is not the most that can be taken.
 *
 * @param rate transfers a second
 * @param accounts how many accounts the ledger has
 */
record LatencyScenario(int rate, int accounts) implements Scenario {

    static final String NAME = "latency_at_rate";

    @Override
    public String name() {
        return NAME + "/" + rate;
    }

    @Override
    public String title() {
        return NAME;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "Transfers a second, by a schedule: %,d. Ledgers: 1, with %,d accounts. A latency counts from when the"
                        + " transfer was due.",
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
        Result daybook = results.getFirst();
        Result commits = results.getLast();
        return Optional.of(String.format(
                Locale.ROOT,
                "Daybook's p99 is %.1f × the p99, and %.1f × the median, of a durable commit.",
                daybook.latencyMillis(99) / commits.latencyMillis(99),
                daybook.latencyMillis(99) / commits.latencyMillis(50)));
    }
}
