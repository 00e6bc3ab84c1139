package io.daybook.query.balances;

import io.daybook.events.LedgerId;
import io.daybook.http.RequestValues;
import io.daybook.query.balances.BalancesView.SumView;
import io.daybook.query.request.Answers;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.Books;
import io.daybook.query.store.Moment;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigInteger;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Sums of balances under a prefix: as they are, at an effective time, or as the books stood at a sequence. */
@RestController
class BalancesController {

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

    private final Books books;

    BalancesController(Books books) {
        this.books = books;
    }

    @GetMapping("/v1/ledgers/{ledger}/balances")
    ResponseEntity<BalancesView> sums(@PathVariable("ledger") String name, HttpServletRequest request) {
        LedgerId ledger = RequestValues.ledger(name);
        Parameters parameters = Parameters.of(request, "prefix", "at", "asOf");
        String prefix = parameters.prefix();
        Moment moment = Moment.of(parameters);
        return Answers.of(books.read(
                ledger,
                moment.demand(Freshness.of(request)),
                (jdbc, sequence) -> new BalancesView(
                        ledger, prefix, sums(jdbc, ledger, prefix, moment), moment.sequence(sequence))));
    }

    private static SortedMap<String, SumView> sums(JdbcClient jdbc, LedgerId ledger, String prefix, Moment moment) {
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
