package io.daybook.bench.memory;

import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Scenario;
import io.daybook.bench.transfers.TransferScenario;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How much memory a ledger takes that is open, such as one is while it is written to.
 *
 * @param accounts how many it has
 */
public record MemoryScenario(int accounts) implements Scenario {

    public static final String NAME = "memory";

    @Override
    public String name() {
        return NAME + "/" + accounts;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "What a ledger takes of the heap, for each of its %,d accounts, when it was replayed from its events: what"
                        + " is live after a collection with it, less what is without. Each account has a balance in one"
                        + " asset, and an address such as %s.",
                accounts,
                TransferScenario.account(accounts - 1));
    }

    @Override
    public String unit() {
        return "bytes";
    }

    @Override
    public String measure() {
        return "bytes an account";
    }

    @Override
    public double value(Measured round) {
        return (double) round.count() / accounts;
    }

    @Override
    public Duration preparation() {
        return Duration.ZERO;
    }

    @Override
    public Duration round(Duration wanted) {
        return Duration.ofSeconds(1 + accounts / 150_000);
    }

    @Override
    public List<Maker> subjects() {
        return List.of(
                services -> new MemorySubject("Daybook", accounts, ReplayedLedger::new),
                services -> new MemorySubject("a HashMap of strings and longs", accounts, PlainBalances::new));
    }
}
