package io.daybook.bench.transfers;

import io.daybook.bench.measure.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How fast transfers are taken.
 *
 * @param ledgers over how many ledgers the transfers are spread
 * @param inFlight how many commands or requests wait for their answers at a time
 * @param way how they come to Daybook; its baselines are always driven in process
 * @param accounts how many accounts each ledger has, at least 2
 */
public record TransferScenario(Flow flow, int ledgers, int inFlight, Way way, int accounts) implements Scenario {

    /** What each account has at the beginning where funds are checked: no run spends it all. */
    static final long OPENING_BALANCE = 1_000_000_000;

    @Override
    public String name() {
        return flow.label() + "/" + ledgers + "/" + inFlight + (way == Way.IN_PROCESS ? "" : "/" + way.label());
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s,%s. Ledgers: %d. In flight: %,d. Accounts in each ledger: %,d.%s",
                flow.words(),
                way == Way.IN_PROCESS ? " in process" : way.words(),
                ledgers,
                inFlight,
                accounts,
                way.transfersInRequest() == 1 ? "" : " Transfers in each request: " + way.transfersInRequest() + ".");
    }

    @Override
    public String unit() {
        return "transfers";
    }

    /** Accounts are given funds where those are checked; in the mean of all subjects. */
    @Override
    public Duration preparation() {
        return Duration.ofSeconds(4 + (flow.isBounded() ? (long) accounts * ledgers / 80_000 : 0));
    }

    /** Over HTTP the question is what is left of the rate; there is the one baseline that decides and keeps books in full. */
    @Override
    public List<Maker> subjects() {
        Maker daybook = services -> new DaybookSubject(this, services);
        Maker sql = services -> new SqlLedger(this, services);
        return way == Way.IN_PROCESS
                ? List.of(
                        daybook,
                        services -> new StockAxon(this, services),
                        sql,
                        services -> new RawRows("raw inserts", RowInserts::new, this, services),
                        services -> new RawRows("raw binary COPY", RowCopy::new, this, services))
                : List.of(daybook, sql);
    }

    int ledger(SplittableRandom random) {
        return ledgers == 1 ? 0 : random.nextInt(ledgers);
    }

    /** The name of a ledger in Daybook. */
    static String ledger(int index) {
        return "bench-" + index;
    }

    public static String account(int index) {
        return switch (index) {
            case Flow.WORLD -> "world";
            case Flow.BANK -> "bank";
            default -> "users:" + index;
        };
    }
}
