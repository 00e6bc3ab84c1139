package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/** Table {@code repair}, and the ledgers that are parked for it. */
public final class RepairRows {

    private static final String WANTED = "wanted";
    private static final String RUNNING = "running";
    private static final String FAILED = "failed";
    private static final String DONE = "done";

    /** After something that may have passed, such as a store that was away. */
    private static final int RETRY_SECONDS = 5;

    private static final String WHERE = " where projection = ? and ledger = ?";

    /**
     * A ledger that is to be posted anew.
     *
     * @param source from where
     * @param fromSequence the first sequence that is wanted anew
     * @param reached the last one that was posted anew
     */
    record Row(String projection, String ledger, ReplaySource source, long fromSequence, String state, long reached) {

        /** Whether there is something to do, and nobody wants it to wait. */
        boolean isOpen() {
            return state.equals(WANTED) || state.equals(RUNNING);
        }

        /** Whether nothing of it was done yet. */
        boolean isNew() {
            return state.equals(WANTED);
        }
    }

    private final JdbcTemplate books;

    public RepairRows(JdbcTemplate books) {
        this.books = books;
    }

    /** The ledgers of a projection that wait for somebody to post them anew. */
    List<String> open(String projection) {
        return books.queryForList(
                "select ledger from repair where projection = ? and (state = 'wanted' or state = 'running' and"
                        + " (detail is null or updated_at < now() - make_interval(secs => " + RETRY_SECONDS + ")))"
                        + " order by updated_at, ledger",
                String.class,
                projection);
    }

    /**
     * Has a ledger posted anew from the event store, unless that, or the like, is under way or waits for somebody.
     *
     * @param fromSequence the first sequence that is wanted anew
     * @return false if it is
     */
    public boolean want(String projection, LedgerId ledger, long fromSequence) {
        return books.update("""
                insert into repair (projection, ledger, source, from_sequence) values (?, ?, ?, ?)
                on conflict (projection, ledger)
                do update set source = excluded.source, from_sequence = excluded.from_sequence, state = 'wanted',
                              replay = excluded.replay, requested_at = now(), reached = 0, events = 0, behind = 0, post_rate = 0,
                              detail = null, updated_at = now()
                 where repair.state in ('failed', 'done')
                """, projection, ledger.value(), ReplaySource.STORE.label(), fromSequence) == 1;
    }

    /** Whether nobody else is at it; until the transaction ends. */
    boolean isMine(String projection, String ledger) {
        return books.queryForObject(
                "select pg_try_advisory_xact_lock(hashtextextended('repair ' || ? || ' ' || ?, 0))",
                Boolean.class,
                projection,
                ledger);
    }

    @Nullable Row read(String projection, String ledger) {
        return DataAccessUtils.singleResult(books.query(
                "select projection, ledger, source, from_sequence, state, reached from repair" + WHERE,
                (row, number) -> new Row(
                        row.getString("projection"),
                        row.getString("ledger"),
                        ReplaySource.of(row.getString("source")),
                        row.getLong("from_sequence"),
                        row.getString("state"),
                        row.getLong("reached")),
                projection,
                ledger));
    }

    /**
     * What an exchange has to wait for, as those ledgers are posted to by more than the projection; null for nothing. Those
     * that failed are not posted to by anybody, see {@link #forgetFailed}.
     */
    @Nullable String waitedFor(String projection) {
        return DataAccessUtils.singleResult(books.query(
                """
                select ledger, state, detail, count(*) over () - 1 as others from repair
                 where projection = ? and state not in ('done', 'failed')
                 order by state = 'paused' desc, ledger limit 1
                """,
                (row, number) -> waitedFor(
                        projection,
                        row.getString("ledger"),
                        row.getString("state"),
                        row.getString("detail"),
                        row.getLong("others")),
                projection));
    }

    private static String waitedFor(
            String projection, String ledger, String state, @Nullable String detail, long others) {
        String reason = detail == null ? "" : " (" + detail + ")";
        if (state.equals("paused")) {
            reason = ", but paused ('./daybook replay resume " + projection + "' goes on, './daybook replay discard "
                    + projection + " --ledger " + ledger + "' gives it up)";
        }
        return "waiting for ledger " + ledger + ", which is being posted anew" + reason
                + (others > 0 ? ", and for " + others + " others" : "");
    }

    /** The generation that was live is not any more, in which their ledgers are parked; in the one that is they are posted. */
    void forgetFailed(String projection) {
        books.update("delete from repair where projection = ? and state = 'failed'", projection);
    }

    /**
     * Has the projection leave the ledger alone from here on; false if nobody wants it any more. It begins with the first
     * event that is not there at the latest: what was wanted from a later one on would leave a gap that nobody fills.
     */
    boolean park(Row row, int generation, long position) {
        int wanted = books.update(
                "update repair set state = ?, from_sequence = least(from_sequence, ?), reached = 0, detail = null,"
                        + " updated_at = now()" + WHERE + " and state = ?",
                RUNNING,
                position + 1,
                row.projection(),
                row.ledger(),
                WANTED);
        if (wanted == 0) {
            return false;
        }
        books.update("""
                insert into parked (projection, generation, ledger, sequence, last, reason) values (?, ?, ?, 1, ?, ?)
                on conflict (projection, generation, ledger)
                do update set sequence = 1, last = greatest(parked.last, excluded.last), reason = excluded.reason
                """, row.projection(), generation, row.ledger(), position, "it is being posted anew");
        return true;
    }

    /** How far the ledger must come before the projection can go on with it. */
    long leftTo(Row row, int generation) {
        return books.queryForObject(
                "select last from parked" + WHERE + " and generation = ?",
                Long.class,
                row.projection(),
                row.ledger(),
                generation);
    }

    /**
     * @param rate events a second
     * @return whether it is still wanted
     */
    boolean progress(Row row, long reached, long events, long behind, double rate) {
        return books.update(
                        "update repair set reached = ?, events = ?, behind = ?, post_rate = ?, detail = null,"
                                + " updated_at = now()" + WHERE + " and state = ?",
                        reached,
                        events,
                        behind,
                        rate,
                        row.projection(),
                        row.ledger(),
                        RUNNING)
                == 1;
    }

    /** It goes on by itself, but not at once. */
    void trouble(Row row, String detail) {
        books.update(
                "update repair set detail = ?, updated_at = now()" + WHERE, detail, row.projection(), row.ledger());
    }

    /** It does not go on by itself; the ledger stays parked. */
    void failed(Row row, int generation, String detail) {
        books.update(
                "update repair set state = ?, detail = ?, updated_at = now()" + WHERE,
                FAILED,
                detail,
                row.projection(),
                row.ledger());
        books.update(
                "update parked set reason = ?" + WHERE + " and generation = ?",
                detail,
                row.projection(),
                row.ledger(),
                generation);
    }

    /** The projection goes on with the ledger. */
    void done(Row row, int generation, long last) {
        books.update("delete from parked" + WHERE + " and generation = ?", row.projection(), row.ledger(), generation);
        books.update(
                "update repair set state = ?, reached = ?, behind = 0, detail = ?, updated_at = now()" + WHERE,
                DONE,
                last,
                "posted anew up to event " + last,
                row.projection(),
                row.ledger());
    }
}
