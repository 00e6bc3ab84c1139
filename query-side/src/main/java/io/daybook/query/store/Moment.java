package io.daybook.query.store;

import io.daybook.query.request.Freshness;
import io.daybook.query.request.Parameters;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Of when the books are told: as they are, at an effective time, as they stood at a sequence, or at an effective time as far
 * as it was known at a sequence. It gives the parts of SQL that read them so; in these {@code a} is the account, to which
 * they are joined laterally, and {@link #values} has what they need.
 *
 * @param at the last effective time that counts, or null if all do
 * @param asOf the last sequence that counts, or null if all do
 */
public record Moment(@Nullable Instant at, @Nullable Long asOf) {

    public static final Moment NOW = new Moment(null, null);

    private static final String ACCOUNTS_NOW = """
            (select ledger, account, metadata,
                    json_build_object('overdraft', overdraft, 'limits', limits, 'closed', closed)::text as settings
               from account)""";

    /** The event that set an account's settings last; nothing if they were never set. */
    private static final String SETTINGS_THEN = """
            (select e.data::text
               from account_metadata m
               join event e on e.ledger = m.ledger and e.sequence = m.sequence
              where m.ledger = account.ledger and m.account = account.account %s
                and e.type like 'daybook.account-configured.v%%'
              order by m.sequence desc
              limit 1) as settings""";

    private static final String ACCOUNTS_AT =
            "(select account.ledger, account.account, account.metadata, %s from account)";

    private static final String ACCOUNTS_AS_OF = """
            (select account.ledger, account.account, coalesce(m.metadata, '{}') as metadata, %s
               from account
               left join lateral (select metadata
                                    from account_metadata
                                   where ledger = account.ledger and account = account.account and sequence <= :asOf
                                   order by sequence desc
                                   limit 1) m on true
              where account.first_sequence <= :asOf)""";

    private static final String TURNOVERS_NOW =
            "select asset, input, output from balance where ledger = a.ledger and account = a.account";

    /** Each asset's last entry tells all that came in and went out until then. */
    private static final String TURNOVERS_AS_OF = """
            select b.asset, e.input, e.input - e.balance as output
              from balance b
             cross join lateral (select input, balance
                                   from entry
                                  where balance_number = b.number and sequence <= :asOf
                                  order by sequence desc, posting desc
                                  limit 1) e
             where b.ledger = a.ledger and b.account = a.account
            """;

    /**
     * The whole days before, the whole hours before in its day, and the entries of its hour: a few hundred rows a year,
     * however many entries there are. The last entries of an asset are in no day and hour yet.
     */
    private static final String TURNOVERS_AT = """
            select asset, input, output
              from turnover_day
             where ledger = a.ledger and account = a.account and day < :day
            union all
            select asset, input, output
              from turnover_hour
             where ledger = a.ledger and account = a.account and hour >= :dayBegin and hour < :hour
            union all
            select asset, greatest(amount, 0), greatest(-amount, 0)
              from balance b
              join entry on balance_number = b.number
             where b.ledger = a.ledger and b.account = a.account and effective_at >= :hour and effective_at <= :at
               and sequence <= b.folded
            union all
            select asset, greatest(amount, 0), greatest(-amount, 0)
              from balance b
              join entry on balance_number = b.number
             where b.ledger = a.ledger and b.account = a.account and sequence > b.folded and effective_at <= :at
            """;

    /** The checkpoints have all that is known now: what was recorded later is taken off again. */
    private static final String LESS_WHAT_CAME_LATER = """
            union all
            select asset, least(-amount, 0), least(amount, 0)
              from balance b
              join entry on balance_number = b.number
             where b.ledger = a.ledger and b.account = a.account and sequence > :asOf and effective_at <= :at
            """;

    private static final String HELD_NOW =
            "select asset, held from balance where ledger = a.ledger and account = a.account";

    /** A hold has no effective time: it counts from when it was recorded. */
    private static final String HELD_THEN = """
            select b.asset, h.held
              from balance b
             cross join lateral (select held
                                   from held
                                  where ledger = b.ledger and account = b.account and asset = b.asset %s
                                  limit 1) h
             where b.ledger = a.ledger and b.account = a.account
            """;

    /** An asset of which all that is known came later is left out. */
    private static final String FUNDS = """
            select asset, sum(input) as input, sum(output) as output, coalesce(sum(held), 0) as held
              from (select asset, input, output, null::numeric as held from (%s) turnover
                    union all
                    select asset, 0, 0, held from (%s) held) fund
             group by asset
            having sum(input) > 0 or sum(output) > 0 or count(held) > 0
            """;

    /** What the parameters {@code at} and {@code asOf} of a query ask for. */
    public static Moment of(Parameters parameters) {
        OptionalLong asOf = parameters.number("asOf", 1, Long.MAX_VALUE);
        return new Moment(parameters.time("at").orElse(null), asOf.isPresent() ? asOf.getAsLong() : null);
    }

    public boolean isNow() {
        return at == null && asOf == null;
    }

    /** The books as of a sequence that is still to come are not known: it is waited for. */
    public Freshness demand(Freshness freshness) {
        return asOf == null ? freshness : freshness.atLeast(asOf);
    }

    /** The sequence that an answer is of, from a ledger that has come to {@code reached}. */
    public long sequence(long reached) {
        return asOf == null ? reached : asOf;
    }

    /**
     * A relation of the accounts that there were: ledger, account, metadata, and settings as JSON, or null for those of an
     * account that was never configured. As a hold, a setting has no effective time: it counts from when it was recorded.
     */
    public String accounts() {
        if (isNow()) {
            return ACCOUNTS_NOW;
        }
        String known =
                (asOf == null ? "" : "and m.sequence <= :asOf") + (at == null ? "" : " and e.recorded_at <= :at");
        return (asOf == null ? ACCOUNTS_AT : ACCOUNTS_AS_OF).formatted(SETTINGS_THEN.formatted(known));
    }

    /** Rows of asset, input and output whose sums are what came into the account {@code a} and went out. */
    public String turnovers() {
        if (at != null) {
            return asOf == null ? TURNOVERS_AT : TURNOVERS_AT + LESS_WHAT_CAME_LATER;
        }
        return asOf == null ? TURNOVERS_NOW : TURNOVERS_AS_OF;
    }

    /** One row for each asset that the account {@code a} has had to do with: asset, input, output and held. */
    public String funds() {
        return FUNDS.formatted(turnovers(), held());
    }

    private String held() {
        if (isNow()) {
            return HELD_NOW;
        }
        String known = asOf == null ? "" : "and sequence <= :asOf";
        return HELD_THEN.formatted(
                at == null
                        ? known + " order by sequence desc"
                        : known + " and recorded_at <= :at order by recorded_at desc, sequence desc");
    }

    /** The values that the parts of SQL need; more can be added. */
    public Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        if (asOf != null) {
            values.put("asOf", asOf);
        }
        if (at != null) {
            OffsetDateTime time = at.atOffset(ZoneOffset.UTC);
            LocalDate day = time.toLocalDate();
            values.put("day", day);
            values.put("dayBegin", day.atStartOfDay().atOffset(ZoneOffset.UTC));
            values.put("hour", time.truncatedTo(ChronoUnit.HOURS));
            values.put("at", time);
        }
        return values;
    }
}
