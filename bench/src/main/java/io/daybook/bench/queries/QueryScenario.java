package io.daybook.bench.queries;

import io.daybook.bench.measure.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How many queries are answered.
 *
 * @param clients how many ask at a time
 * @param isFirst whether the ledger is not there before it: only that takes long to make ready
 */
public record QueryScenario(Query query, int clients, AskedLedger ledger, boolean isFirst) implements Scenario {

    private static final Duration START = Duration.ofSeconds(5);

    @Override
    public String name() {
        return query.label() + "/" + clients;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s, over HTTP. Clients, each with a connection that it keeps: %d. Accounts in the ledger: %,d; lists are"
                        + " asked of %,d that have %d lines. Next to it the same is read by itself, in process, by as many.",
                query.words(),
                clients,
                ledger.accounts(),
                ledger.busy(),
                1 + 2 * AskedLedger.TURNS);
    }

    @Override
    public String unit() {
        return "queries";
    }

    @Override
    public Duration preparation() {
        return isFirst ? START.plus(ledger.toMake().dividedBy(subjects().size())) : START;
    }

    @Override
    public List<Maker> subjects() {
        return List.of(
                services -> new DaybookQueries(this, ledger.in(services)),
                services -> query.isOfRedis()
                        ? new RedisReads(this, ledger.in(services))
                        : new SqlReads(this, ledger.in(services)));
    }
}
