package io.daybook.query.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * The books at an effective time. What came in and went out until then is that of the whole days before, the whole hours
 * before in its day, and the entries of its hour: a few hundred rows of an account, however long its history is.
 */
public final class EffectiveTime {

    /**
     * Rows of asset, input and output whose sums are what came in and went out of the account {@code a} until then; to be
     * joined laterally, with {@link #values}.
     */
    public static final String TURNOVERS = """
            select asset, input, output
              from turnover_day
             where ledger = a.ledger and account = a.account and day < :day
            union all
            select asset, input, output
              from turnover_hour
             where ledger = a.ledger and account = a.account and hour >= :dayBegin and hour < :hour
            union all
            select asset, greatest(amount, 0), greatest(-amount, 0)
              from entry
             where ledger = a.ledger and account = a.account and effective_at >= :hour and effective_at <= :at
            """;

    private EffectiveTime() {}

    /**
     * The values of a statement with {@link #TURNOVERS}.
     *
     * @param at the last effective time that counts
     */
    public static Map<String, Object> values(Instant at) {
        OffsetDateTime time = at.atOffset(ZoneOffset.UTC);
        LocalDate day = time.toLocalDate();
        return Map.of(
                "day",
                day,
                "dayBegin",
                day.atStartOfDay().atOffset(ZoneOffset.UTC),
                "hour",
                time.truncatedTo(ChronoUnit.HOURS),
                "at",
                time);
    }
}
