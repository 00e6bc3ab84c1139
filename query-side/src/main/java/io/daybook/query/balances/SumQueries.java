package io.daybook.query.balances;

import io.daybook.events.LedgerId;
import io.daybook.query.balances.BalancesView.SumView;
import io.daybook.query.store.Moment;
import java.math.BigInteger;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is read of the balances of many accounts. */
final class SumQueries {

    /** After every character that an address can have. */
    private static final String BEHIND_ADDRESSES = "~";

    private static final String NOW = """
            select asset, sum(input) as input, sum(output) as output
              from balance
             where ledger = :ledger and account >= :prefix and account < :behind
             group by asset
            """;

    private static final String THEN = """
            select t.asset, sum(t.input) as input, sum(t.output) as output
              from %s a
             cross join lateral (%s) t
             where a.ledger = :ledger and a.account >= :prefix and a.account < :behind
             group by t.asset
            having sum(t.input) > 0 or sum(t.output) > 0
            """;

    private SumQueries() {}

    /** Sums over the accounts under a prefix, by asset. */
    static SortedMap<String, SumView> under(JdbcClient jdbc, LedgerId ledger, String prefix, Moment moment) {
        String sql = moment.isNow() ? NOW : THEN.formatted(moment.accounts(), moment.turnovers());
        Map<String, Object> values = moment.values();
        values.put("ledger", ledger.value());
        values.put("prefix", prefix);
        values.put("behind", prefix + BEHIND_ADDRESSES);
        SortedMap<String, SumView> sums = new TreeMap<>();
        jdbc.sql(sql).params(values).query(row -> {
            BigInteger input = row.getBigDecimal("input").toBigIntegerExact();
            BigInteger output = row.getBigDecimal("output").toBigIntegerExact();
            sums.put(
                    row.getString("asset"),
                    new SumView(input.subtract(output).toString(), input.toString(), output.toString()));
        });
        return sums;
    }
}
