package io.daybook.command.publication;

import io.daybook.events.LedgerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/** What operators ask of the republication, in table {@code republication}, and what they are told of it. There is one at a time. */
public final class RepublicationRequests {

    private final JdbcTemplate journal;

    public RepublicationRequests(JdbcTemplate journal) {
        this.journal = journal;
    }

    public boolean isThere(LedgerId ledger) {
        return journal.queryForObject(
                "select exists (select from event where ledger = ?)", Boolean.class, ledger.value());
    }

    /**
     * Has the topic filled again.
     *
     * @param only only the partition that has this ledger; null for all
     * @return whether it is; not if that is under way, or paused
     */
    public boolean start(UUID id, @Nullable LedgerId only, boolean force) {
        return journal.update("""
                insert into republication (id, ledger, force) values (?, ?, ?)
                on conflict (singleton)
                do update set id = excluded.id, requested_at = now(), ledger = excluded.ledger, force = excluded.force,
                              state = 'wanted', position = 0, last = 0, rate = 0, detail = null, updated_at = now()
                 where republication.state in ('done', 'failed', 'discarded')
                """, id, only == null ? null : only.value(), force) == 1;
    }

    /** The one that was asked for last. */
    public Optional<RepublicationView> last() {
        return Optional.ofNullable(DataAccessUtils.singleResult(journal.query(
                "select id, requested_at, ledger, force, state, position, last, rate, detail from republication",
                (row, number) -> view(row))));
    }

    private static RepublicationView view(ResultSet row) throws SQLException {
        RepublicationState state = RepublicationState.of(row.getString("state"));
        long events = row.getLong("last");
        long behind = events - row.getLong("position");
        double rate = state == RepublicationState.RUNNING ? row.getDouble("rate") : 0;
        return new RepublicationView(
                row.getObject("id", UUID.class),
                state,
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                row.getString("ledger"),
                row.getBoolean("force"),
                events,
                behind,
                rate,
                rate > 0 ? Math.round(behind / rate * 1_000) : null,
                row.getString("detail"));
    }

    /** Whether it waits now, and did not before. */
    public boolean pause(UUID id) {
        return change("state = 'paused'", "state in ('wanted', 'running')", id);
    }

    /** Whether it goes on by this. */
    public boolean resume(UUID id) {
        return change(
                "state = case when last = 0 then 'wanted' else 'running' end, detail = null", "state = 'paused'", id);
    }

    /** Whether it was given up by this; a topic that was emptied has to be filled. */
    public boolean discard(UUID id) {
        return change(
                "state = 'discarded', detail = 'taken back before it had begun'",
                "(state = 'wanted' or state = 'paused' and last = 0)",
                id);
    }

    private boolean change(String change, String condition, UUID id) {
        return journal.update(
                        "update republication set " + change + ", updated_at = now() where id = ? and " + condition, id)
                == 1;
    }
}
