package io.daybook.projections.guard;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.Generation;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the guard knows, in tables that outlive its process: {@code guard}, {@code guarded} and {@code incomplete}. */
final class GuardRows {

    /** Of a projection. When more are incomplete, it is not single ledgers that must be healed. */
    static final int MAX_FINDINGS = 1_000;

    private static final String WHERE = " where projection = ? and ledger = ?";

    /** What is done about a ledger that is incomplete. */
    enum State {
        FOUND,
        HEALING,
        /** It was healed, and no round has counted it since. */
        HEALED;

        String stored() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String stored) {
            return Arrays.stream(values())
                    .filter(state -> state.stored().equals(stored))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * A ledger of which something is missing, or was.
     *
     * @param healed how often it was healed since it was last counted as complete
     * @param repair the state of its repair, or null if there is none
     */
    record Finding(
            LedgerId ledger,
            int generation,
            String reason,
            State state,
            int healed,
            @Nullable String repair) {}

    private final JdbcTemplate books;

    GuardRows(JdbcTemplate books) {
        this.books = books;
    }

    Generation live(String projection) {
        return books.queryForObject(
                "select live, coalesce(live_format, format) as format from generation where projection = ?",
                (row, number) -> new Generation(row.getInt("live"), row.getInt("format")),
                projection);
    }

    /** The ledgers that a generation waits with: who posts them anew, or nobody, is busy with them. */
    Set<LedgerId> parked(String projection, int generation) {
        return new HashSet<>(books.query(
                "select ledger from parked where projection = ? and generation = ?",
                (row, number) -> new LedgerId(row.getString("ledger")),
                projection,
                generation));
    }

    /** Where the journal was looked at last; null if it never was. */
    @Nullable Long position() {
        return books.queryForObject("select position from guard", Long.class);
    }

    void position(long position) {
        books.update("update guard set position = ?", position);
    }

    /** The last ledger that the round under way has counted; empty at its beginning. */
    String swept() {
        return books.queryForObject("select ledger from guard", String.class);
    }

    void swept(String ledger) {
        books.update("update guard set ledger = ?, began_at = coalesce(began_at, now())", ledger);
    }

    /** How long it took. */
    Duration roundEnded() {
        return Duration.ofMillis(books.queryForObject("""
                update guard
                   set ledger = '', began_at = null,
                       round_millis = coalesce(1000 * extract(epoch from now() - began_at), 0)
                returning round_millis
                """, Long.class));
    }

    /**
     * @param behind how many events the journal has, and the store has not
     * @param since for how long some of them, or null if there are none
     * @param known whether that could be told
     */
    void report(String projection, long behind, @Nullable Duration since, boolean known) {
        books.update(
                "update guarded set behind = ?, behind_since = now() - make_interval(secs => ?), known = ?,"
                        + " updated_at = now() where projection = ?",
                behind,
                since == null ? null : since.toMillis() / 1e3,
                known,
                projection);
    }

    List<Finding> findings(String projection) {
        return books.query(
                """
                select ledger, generation, reason, incomplete.state, healed, repair.state as repair
                  from incomplete left join repair using (projection, ledger)
                 where projection = ? order by changed_at, ledger
                """,
                (row, number) -> new Finding(
                        new LedgerId(row.getString("ledger")),
                        row.getInt("generation"),
                        row.getString("reason"),
                        State.of(row.getString("state")),
                        row.getInt("healed"),
                        row.getString("repair")),
                projection);
    }

    /**
     * Notes that a ledger is incomplete.
     *
     * @return how often it was healed since it was last complete; null if it is noted already, or too many are
     */
    @Nullable Integer found(String projection, int generation, LedgerId ledger, String reason) {
        return DataAccessUtils.singleResult(books.queryForList(
                """
                insert into incomplete as before (projection, ledger, generation, reason)
                select ?, ?, ?, ? where (select count(*) from incomplete where projection = ?) < ?
                on conflict (projection, ledger)
                do update set reason = excluded.reason, state = 'found', changed_at = now(),
                              healed = case when before.generation = excluded.generation then before.healed else 0 end,
                              generation = excluded.generation
                 where before.state = 'healed' or before.generation <> excluded.generation
                returning healed
                """, Integer.class, projection, ledger.value(), generation, reason, projection, MAX_FINDINGS));
    }

    void state(String projection, LedgerId ledger, State state) {
        books.update(
                "update incomplete set state = ?, changed_at = now()" + WHERE,
                state.stored(),
                projection,
                ledger.value());
    }

    void healed(String projection, LedgerId ledger) {
        books.update(
                "update incomplete set state = 'healed', healed = healed + 1, changed_at = now()" + WHERE,
                projection,
                ledger.value());
        books.update("update guarded set healed = healed + 1 where projection = ?", projection);
    }

    void forget(String projection, LedgerId ledger) {
        books.update("delete from incomplete" + WHERE, projection, ledger.value());
    }

    /** These were counted as complete by a round that began after they were healed. */
    void complete(String projection, List<LedgerId> ledgers) {
        books.update(
                "delete from incomplete where projection = ? and ledger = any (?) and state = 'healed'"
                        + " and changed_at < (select began_at from guard)",
                projection,
                ledgers.stream().map(LedgerId::value).toArray(String[]::new));
    }

    /** Whether the projection goes on, as the node that reads tells. */
    boolean isGoingOn(String projection) {
        return books.queryForObject(
                "select exists (select from projection where name = ? and state in ('running', 'incomplete', 'replaying')"
                        + " and updated_at > now() - interval '10 seconds')",
                Boolean.class,
                projection);
    }

    /** No batch of the projection is posted until the transaction ends. */
    void exclusively(String projection) {
        books.queryForList("select from generation where projection = ? for update", projection);
    }

    void park(String projection, int generation, LedgerId ledger, long sequence, long last, String reason) {
        books.update(
                "insert into parked (projection, generation, ledger, sequence, last, reason) values (?, ?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                projection,
                generation,
                ledger.value(),
                sequence,
                last,
                reason);
    }
}
