package io.daybook.projections.books;

import io.daybook.events.Posting;
import io.daybook.projections.feed.PublishedEvent.BalanceKey;
import io.daybook.projections.feed.Turnover;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a batch adds to the days and hours of effective time, in UTC. */
final class Checkpoints {

    private record Hour(BalanceKey balance, Instant hour) {}

    private record Day(BalanceKey balance, LocalDate day) {}

    private final Map<Hour, Turnover> hours = new LinkedHashMap<>();

    void out(BalanceKey balance, Instant effectiveAt, Posting posting) {
        add(balance, effectiveAt, turnover -> turnover.out(posting.amount()));
    }

    void in(BalanceKey balance, Instant effectiveAt, Posting posting) {
        add(balance, effectiveAt, turnover -> turnover.in(posting.amount()));
    }

    private void add(BalanceKey balance, Instant effectiveAt, UnaryOperator<Turnover> step) {
        Hour hour = new Hour(balance, effectiveAt.truncatedTo(ChronoUnit.HOURS));
        hours.put(hour, step.apply(hours.getOrDefault(hour, Turnover.NONE)));
    }

    void write(JdbcTemplate books) {
        ArrayRows hourRows = new ArrayRows("text", "text", "timestamptz", "text", "numeric", "numeric");
        Map<Day, Turnover> days = new LinkedHashMap<>();
        hours.forEach((hour, turnover) -> {
            add(hourRows, hour.balance(), hour.hour().toString(), turnover);
            days.merge(
                    new Day(hour.balance(), LocalDate.ofInstant(hour.hour(), ZoneOffset.UTC)),
                    turnover,
                    Turnover::plus);
        });
        ArrayRows dayRows = new ArrayRows("text", "text", "date", "text", "numeric", "numeric");
        days.forEach((day, turnover) -> add(dayRows, day.balance(), day.day().toString(), turnover));
        hourRows.update(books, """
                insert into turnover_hour (ledger, account, hour, asset, input, output)
                select * from unnest(?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::numeric[], ?::numeric[])
                on conflict (ledger, account, hour, asset)
                do update set input = turnover_hour.input + excluded.input, output = turnover_hour.output + excluded.output
                """);
        dayRows.update(books, """
                insert into turnover_day (ledger, account, day, asset, input, output)
                select * from unnest(?::text[], ?::text[], ?::date[], ?::text[], ?::numeric[], ?::numeric[])
                on conflict (ledger, account, day, asset)
                do update set input = turnover_day.input + excluded.input, output = turnover_day.output + excluded.output
                """);
    }

    private static void add(ArrayRows rows, BalanceKey balance, String start, Turnover turnover) {
        rows.add(
                balance.ledger().value(),
                balance.account().value(),
                start,
                balance.asset().name(),
                new BigDecimal(turnover.input()),
                new BigDecimal(turnover.output()));
    }
}
