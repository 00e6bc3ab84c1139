package io.daybook.projections.replay;

import io.daybook.axon.Tokens;
import io.daybook.events.LedgerId;
import io.daybook.projections.posting.ProcessorTokens;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore.Role;
import java.time.Instant;
import java.util.List;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Table {@code generation}, and the tokens of what is posted. */
final class GenerationTable {

    static final String BUILDING = "building";
    static final String PAUSED = "paused";
    static final String KEPT = "kept";

    private static final String ASIDE = "-aside";

    private static final String SELECT = "select projection, live, coalesce(live_format, format) as live_format, aside,"
            + " coalesce(aside_format, 1) as aside_format, state, dry_run, wanted, wanted_source, wanted_parallel,"
            + " source, parallel, behind from generation where projection = ?";

    /** By how many threads a rebuild is posted that nobody has asked for. */
    private static final int REBUILD_PARALLEL = 2;

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
     * @param asideFormat its format; of no meaning if there is none
     * @param state what becomes of the one aside
     * @param wanted what was asked for and is not done yet
     * @param wantedSource from where, if it was a replay
     * @param source from where the one aside is posted
     * @param parallel by how many threads
     * @param behind how many events it had still to read
     */
    record Row(
            String projection,
            int live,
            int liveFormat,
            @Nullable Integer aside,
            int asideFormat,
            @Nullable String state,
            boolean dryRun,
            @Nullable String wanted,
            ReplaySource wantedSource,
            ReplaySource source,
            int parallel,
            long behind) {

        Generation liveGeneration() {
            return new Generation(live, liveFormat);
        }

        Generation asideGeneration() {
            return new Generation(aside, asideFormat);
        }

        boolean isBuilding() {
            return BUILDING.equals(state);
        }

        boolean isPaused() {
            return PAUSED.equals(state);
        }

        boolean isKept() {
            return KEPT.equals(state);
        }

        boolean isFromStore() {
            return source == ReplaySource.STORE;
        }
    }

    private final JdbcTemplate books;
    private final TransactionTemplate transactions;
    private final TransactionTemplate separateTransactions;

    GenerationTable(JdbcTemplate books, PlatformTransactionManager transactions) {
        this.books = books;
        this.transactions = new TransactionTemplate(transactions);
        this.separateTransactions = new TransactionTemplate(
                transactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
    }

    JdbcTemplate jdbc() {
        return books;
    }

    Row read(String projection) {
        return read(projection, "");
    }

    /** Until the present transaction ends, nobody asks for something else, or takes back what is asked for. */
    Row readToTake(String projection) {
        return read(projection, " for no key update");
    }

    private Row read(String projection, String lock) {
        return books.queryForObject(
                SELECT + lock,
                (row, number) -> new Row(
                        row.getString("projection"),
                        row.getInt("live"),
                        row.getInt("live_format"),
                        row.getObject("aside", Integer.class),
                        row.getInt("aside_format"),
                        row.getString("state"),
                        row.getBoolean("dry_run"),
                        row.getString("wanted"),
                        ReplaySource.of(row.getString("wanted_source")),
                        ReplaySource.of(row.getString("source")),
                        row.getInt("parallel"),
                        row.getLong("behind")),
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

    /** In the present transaction, or a new one. */
    void inTransaction(Step step) throws Exception {
        in(transactions, step);
    }

    /** In a transaction of its own, whatever becomes of the present one. */
    void separately(Step step) throws Exception {
        in(separateTransactions, step);
    }

    private static void in(TransactionTemplate template, Step step) throws Exception {
        try {
            template.executeWithoutResult(status -> {
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

    /** All of them. */
    List<LedgerId> parkedLedgersAside(Row row) {
        return books.query(
                "select ledger from parked where projection = ? and generation = ?",
                (parked, number) -> new LedgerId(parked.getString("ledger")),
                row.projection(),
                row.aside());
    }

    private void forgetParkedAside(Row row) {
        books.update("delete from parked where projection = ? and generation <> ?", row.projection(), row.live());
    }

    /**
     * Asks for a replay if the live generation is of an older format than this, and nothing else is under way. It is done
     * once: what came of it, or that it was given up, is not for anybody to undo who was not asked.
     *
     * @return whether it was done just now
     */
    boolean askForRebuild(String projection, int format) {
        return books.update(
                        "update generation set wanted = 'replay', wanted_source = 'kafka', wanted_parallel = ?,"
                                + " rebuild_asked = true, replay = gen_random_uuid(), requested_at = now(), outcome = null,"
                                + " differences = null, detail = null, updated_at = now() where projection = ?"
                                + " and live_format < format and format = ? and not rebuild_asked"
                                + " and wanted is null and (state is null or state = ?)",
                        REBUILD_PARALLEL,
                        projection,
                        format,
                        KEPT)
                == 1;
    }

    void begin(Row row, Generation next, boolean dryRun) {
        forgetParkedAside(row);
        forgetTokens(row);
        books.update(
                "update generation set aside = ?, aside_format = ?, state = ?, dry_run = ?, wanted = null, source = wanted_source,"
                        + " parallel = wanted_parallel, events = 0, behind = 0, post_rate = 0, outcome = null, comparing = false,"
                        + " differences = null, detail = null, updated_at = now() where projection = ?",
                next.number(),
                next.format(),
                BUILDING,
                dryRun,
                row.projection());
    }

    private int forgetTokens(Row row) {
        books.update("delete from topic_read where processor_name = ?", row.projection() + ASIDE);
        return books.update("delete from token_entry where processor_name = ?", row.projection() + ASIDE);
    }

    /** Its tokens are those of the live one. */
    private void readsTopicOfLive(Row row) {
        books.update(
                "insert into topic_read (processor_name, topic)"
                        + " select ?, topic from topic_read where processor_name = ?",
                row.projection() + ASIDE,
                row.projection());
    }

    void state(Row row, String state, @Nullable String detail) {
        books.update(
                "update generation set state = ?, wanted = null, outcome = null, comparing = false, detail = ?,"
                        + " updated_at = now() where projection = ?",
                state,
                detail,
                row.projection());
    }

    /** Posts to the one that is kept, which has nothing to catch up with but what came since. */
    void bringUpToDate(Row row) {
        books.update("update generation set events = 0, behind = 0 where projection = ?", row.projection());
        state(row, BUILDING, "bringing generation " + row.aside() + " up to date");
    }

    /** What was asked for is not done. A generation that is there stays what it was. */
    void refuse(Row row, String detail) {
        books.update(
                "update generation set wanted = null, detail = ?, updated_at = now(),"
                        + " outcome = case when wanted in ('replay', 'dry-run') then 'failed' else outcome end"
                        + " where projection = ?",
                detail,
                row.projection());
    }

    /**
     * @param rate events a second
     */
    void progress(Row row, long behind, double rate, @Nullable String detail) {
        books.update(
                "update generation set behind = ?, events = greatest(events, ?), post_rate = ?, comparing = false,"
                        + " detail = coalesce(?, detail), updated_at = now() where projection = ? and state = ?",
                behind,
                behind,
                rate,
                detail,
                row.projection(),
                BUILDING);
    }

    /** A dry run has begun to compare. */
    void comparing(Row row) {
        books.update(
                "update generation set behind = 0, post_rate = 0, comparing = true,"
                        + " detail = 'comparing every row with the live one', updated_at = now()"
                        + " where projection = ? and state = ?",
                row.projection(),
                BUILDING);
    }

    /** What a dry run has found; its generation is of no use any more. */
    void found(Row row, List<String> differences) {
        books.update(
                "update generation set state = ?, wanted = 'discard', differences = ?, detail = ?, updated_at = now()"
                        + " where projection = ? and aside = ? and state = ?",
                PAUSED,
                differences.toArray(String[]::new),
                differences.isEmpty()
                        ? "no differences"
                        : "differences, for example: " + String.join("; ", differences),
                row.projection(),
                row.aside(),
                BUILDING);
    }

    void forget(Row row, String detail) {
        forgetParkedAside(row);
        forgetTokens(row);
        books.update(
                "update generation set aside = null, aside_format = null, state = null, wanted = null, dry_run = false,"
                        + " comparing = false, outcome = case when differences is null then 'discarded' else 'done' end,"
                        + " detail = case when differences is null then ? else detail end, updated_at = now()"
                        + " where projection = ?",
                detail,
                row.projection());
    }

    /**
     * The one aside becomes the live one. Its token need not: a token that is behind makes events come again, which are
     * known. The one that was live must not miss what comes until it is posted to again.
     */
    void exchange(Row row) {
        forgetTokens(row);
        books.update("""
                insert into token_entry (processor_name, segment, token, token_type, timestamp)
                select ?, segment, token, token_type, timestamp from token_entry where processor_name = ?
                """, row.projection() + ASIDE, row.projection());
        readsTopicOfLive(row);
        books.update(
                "update generation set live = aside, aside = live, live_format = coalesce(aside_format, 1),"
                        + " aside_format = coalesce(live_format, 1), parallel = 1, state = ?, behind = 0, post_rate = 0, outcome = 'swapped',"
                        + " detail = ?, updated_at = now() where projection = ?",
                KEPT,
                "generation " + row.aside() + " is live; generation " + row.live() + " is kept for a rollback",
                row.projection());
    }

    /**
     * The one aside was posted from the event store, and goes on from Kafka.
     *
     * @param token where; null from its beginning
     */
    void handOver(Row row, @Nullable TrackingToken token) {
        transactions.executeWithoutResult(transaction -> {
            int segments = forgetTokens(row);
            readsTopicOfLive(row);
            for (int segment = 0; segment < Math.max(1, segments); segment++) {
                books.update(
                        "insert into token_entry (processor_name, segment, token, token_type, timestamp)"
                                + " values (?, ?, ?, ?, ?)",
                        row.projection() + ASIDE,
                        segment,
                        token == null ? null : Tokens.write(token),
                        token == null ? null : token.getClass().getName(),
                        Instant.now().toString());
            }
            books.update("update generation set source = 'kafka' where projection = ?", row.projection());
        });
    }

    /** How far the live one has been posted; null if it has not begun. It has one segment. */
    @Nullable TrackingToken liveToken(String projection) {
        List<@Nullable TrackingToken> tokens = tokens(projection, Role.LIVE);
        return tokens.isEmpty() ? null : tokens.getFirst();
    }

    /** How far each segment of a generation has been posted; null if it has not begun. */
    List<@Nullable TrackingToken> tokens(String projection, Role role) {
        return ProcessorTokens.of(books, role == Role.LIVE ? projection : projection + ASIDE);
    }

    /**
     * How far both have been posted.
     *
     * @param live null if it has not begun
     * @param aside of each segment; null for one that has not begun
     */
    record Reached(@Nullable TrackingToken live, List<@Nullable TrackingToken> aside) {

        /** Whether the one aside has read all that the live one has, with every segment. */
        boolean isAllOfLive() {
            return live == null
                    || !aside.isEmpty() && aside.stream().allMatch(segment -> segment != null && segment.covers(live));
        }

        /** Whether no segment of the one aside has read what the live one has not. */
        boolean isNoMoreThanLive() {
            return live == null || aside.stream().allMatch(segment -> segment == null || live.covers(segment));
        }
    }

    Reached reached(String projection) {
        return new Reached(liveToken(projection), tokens(projection, Role.ASIDE));
    }
}
