package io.daybook.projections.books;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What came in and went out in each day and hour of effective time, in UTC. The entries of a balance are added when it has
 * gathered some: to add each when it comes would be four rows more for each posting. Who reads adds those that are not there
 * yet, which are those after the balance's {@code folded}.
 */
final class Checkpoints {

    /** With so many entries a balance's are added: whoever reads has fewer to add up, and an hour's row is written for many. */
    static final int ENTRIES = 64;

    private static final String FOLD = """
            with due as (
                update balance
                   set folded = row.sequence, unfolded = 0
                  from unnest(?::text[], ?::text[], ?::text[], ?::bigint[]) as row (ledger, account, asset, sequence)
                 where balance.ledger = row.ledger and balance.account = row.account and balance.asset = row.asset
                returning balance.ledger, balance.account, balance.asset, balance.number, old.folded
            ), hours as (
                select due.ledger, due.account, due.asset, date_trunc('hour', effective_at, 'UTC') as hour,
                       sum(greatest(amount, 0)) as input, sum(greatest(-amount, 0)) as output
                  from due
                 cross join lateral (
                    select amount, effective_at
                      from entry
                     where balance_number = due.number and sequence > due.folded
                    offset 0) entry
                 group by 1, 2, 3, 4
            ), by_hour as (
                insert into turnover_hour as t (ledger, account, hour, asset, input, output)
                select ledger, account, hour, asset, input, output from hours
                on conflict (ledger, account, hour, asset)
                do update set input = t.input + excluded.input, output = t.output + excluded.output
            )
            insert into turnover_day as t (ledger, account, day, asset, input, output)
            select ledger, account, (hour at time zone 'UTC')::date, asset, sum(input), sum(output)
              from hours
             group by 1, 2, 3, 4
            on conflict (ledger, account, day, asset)
            do update set input = t.input + excluded.input, output = t.output + excluded.output
            """;

    private Checkpoints() {}

    /**
     * Adds the entries of those balances that have gathered enough.
     *
     * @param balances as they are written with all their entries; those whose entries are added tell so then
     * @param reached how far their ledgers are then
     */
    static void fold(BatchBalances balances, Map<LedgerId, Long> reached, JdbcTemplate books) {
        ArrayRows due = new ArrayRows("text", "text", "text", "bigint");
        for (RunningBalance balance : balances.all()) {
            if (balance.now().unfolded() >= ENTRIES) {
                BalanceKey key = balance.key();
                due.add(key.ledger().value(), key.account().value(), key.asset().name(), reached.get(key.ledger()));
                balance.fold();
            }
        }
        due.update(books, FOLD);
    }
}
