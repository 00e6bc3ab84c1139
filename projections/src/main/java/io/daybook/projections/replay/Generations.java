package io.daybook.projections.replay;

import io.daybook.axon.Tokens;
import io.daybook.projections.feed.GenerationStore.Role;
import java.util.List;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Table {@code generation}, and the tokens of what is posted. */
final class Generations {

    static final String BUILDING = "building";
    static final String PAUSED = "paused";
    private static final String KEPT = "kept";
    private static final String ASIDE = "-aside";

    private static final String SELECT =
            "select projection, live, aside, state, dry_run, wanted from generation where projection = ?";

    /** Something that is done in a transaction. */
    @FunctionalInterface
    interface Step {
        void take() throws Exception;
    }

    /** Something that is done with a row that nobody else reads meanwhile. */
    @FunctionalInterface
    interface StepOnRow {
        void take(Row row) throws Exception;
    }

    /**
     * A projection's generations.
     *
     * @param aside the number of the one that is not live, or null if there is none
     * @param state what becomes of the one aside
     * @param wanted what was asked for and is not done yet
     */
    record Row(
            String projection,
            int live,
            @Nullable Integer aside,
            @Nullable String state,
            boolean dryRun,
            @Nullable String wanted) {

        boolean isBuilding() {
            return BUILDING.equals(state);
        }

        boolean isPaused() {
            return PAUSED.equals(state);
        }

        boolean isKept() {
            return KEPT.equals(state);
        }
    }

    private final JdbcTemplate books;
    private final TransactionTemplate transactions;

    Generations(JdbcTemplate books, TransactionTemplate transactions) {
        this.books = books;
        this.transactions = transactions;
    }

    JdbcTemplate jdbc() {
        return books;
    }

    Row read(String projection) {
        return read(projection, "");
    }

    private Row read(String projection, String lock) {
        return books.queryForObject(
                SELECT + lock,
                (row, number) -> new Row(
                        row.getString("projection"),
                        row.getInt("live"),
                        row.getObject("aside", Integer.class),
                        row.getString("state"),
                        row.getBoolean("dry_run"),
                        row.getString("wanted")),
                projection);
    }

    /** On no other node, unless another is at it already; then nothing is done. Batches go on being posted. */
    void alone(String projection, Step step) throws Exception {
        inTransaction(() -> {
            if (books.queryForObject(
                    "select pg_try_advisory_xact_lock(hashtextextended('replay ' || ?, 0))",
                    Boolean.class,
                    projection)) {
                step.take();
            }
        });
    }

    /** While no batch of the projection is posted, to either generation. */
    void exclusively(String projection, StepOnRow step) throws Exception {
        inTransaction(() -> step.take(read(projection, " for update")));
    }

    private void inTransaction(Step step) throws Exception {
        try {
            transactions.executeWithoutResult(status -> {
                try {
                    step.take();
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new StepFailed(e);
                }
            });
        } catch (StepFailed e) {
            throw (Exception) e.getCause();
        }
    }

    private static final class StepFailed extends RuntimeException {
        StepFailed(Exception cause) {
            super(cause);
        }
    }

    /** The ledgers with which the generation aside waits, and the live one does not, or further on. */
    List<String> parkedAside(Row row) {
        return books.queryForList("""
                select format('ledger %s is parked at event %s: %s', aside.ledger, aside.sequence, aside.reason)
                  from parked aside
                  left join parked live on live.projection = aside.projection and live.generation = ?
                                       and live.ledger = aside.ledger
                 where aside.projection = ? and aside.generation = ?
                   and (live.sequence is null or live.sequence > aside.sequence)
                 order by aside.since, aside.ledger limit 5
                """, String.class, row.live(), row.projection(), row.aside());
    }

    private void forgetParkedAside(Row row) {
        books.update("delete from parked where projection = ? and generation <> ?", row.projection(), row.live());
    }

    void begin(Row row, int generation, boolean dryRun) {
        forgetParkedAside(row);
        books.update("delete from token_entry where processor_name = ?", row.projection() + ASIDE);
        books.update(
                "update generation set aside = ?, state = ?, dry_run = ?, wanted = null, events = 0, behind = 0,"
                        + " detail = null, updated_at = now() where projection = ?",
                generation,
                BUILDING,
                dryRun,
                row.projection());
    }

    void state(Row row, String state, @Nullable String detail) {
        books.update(
                "update generation set state = ?, wanted = null, detail = ?, updated_at = now() where projection = ?",
                state,
                detail,
                row.projection());
    }

    void refuse(Row row, String detail) {
        books.update(
                "update generation set wanted = null, detail = ?, updated_at = now() where projection = ?",
                detail,
                row.projection());
    }

    void progress(Row row, long behind, @Nullable String detail) {
        books.update(
                "update generation set behind = ?, events = greatest(events, ?), detail = coalesce(?, detail),"
                        + " updated_at = now() where projection = ? and state = ?",
                behind,
                behind,
                detail,
                row.projection(),
                BUILDING);
    }

    /** What a dry run has found; its generation is of no use any more. */
    void found(Row row, String detail) {
        books.update(
                "update generation set state = ?, wanted = 'discard', detail = ?, updated_at = now() where projection = ?",
                PAUSED,
                detail,
                row.projection());
    }

    void forget(Row row, String detail) {
        forgetParkedAside(row);
        books.update("delete from token_entry where processor_name = ?", row.projection() + ASIDE);
        books.update(
                "update generation set aside = null, state = null, wanted = null, dry_run = false,"
                        + " detail = case when dry_run then detail else ? end, updated_at = now() where projection = ?",
                detail,
                row.projection());
    }

    /**
     * The one aside becomes the live one. Its token need not: a token that is behind makes events come again, which are
     * known. The one that was live must not miss what comes until it is posted to again.
     */
    void exchange(Row row) {
        books.update("""
                update token_entry as aside set token = live.token, token_type = live.token_type, owner = null
                  from token_entry as live
                 where aside.processor_name = ? and live.processor_name = ? and aside.segment = live.segment
                """, row.projection() + ASIDE, row.projection());
        books.update(
                "update generation set live = aside, aside = live, state = ?, behind = 0, detail = ?, updated_at = now()"
                        + " where projection = ?",
                KEPT,
                "generation " + row.aside() + " is live; generation " + row.live() + " is kept for a rollback",
                row.projection());
    }

    /** How far a generation has been posted, or null if it has not begun. */
    @Nullable TrackingToken token(String projection, Role role) {
        return books
                .query(
                        "select token, token_type from token_entry where processor_name = ? and segment = 0",
                        (row, number) -> Tokens.read(row.getBytes("token"), row.getString("token_type")),
                        role == Role.LIVE ? projection : projection + ASIDE)
                .stream()
                .findFirst()
                .orElse(null);
    }
}
