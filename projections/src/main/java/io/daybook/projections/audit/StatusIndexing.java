package io.daybook.projections.audit;

import io.daybook.stores.BooksQueries;
import io.daybook.stores.audit.AuditDocument;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditKind;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Takes into the audit what projections tell of themselves: now and then how far each of them is, and once of each ledger that
 * is parked why it is. It is there to be looked at. Nothing waits for it: what cannot be told now is left out.
 */
final class StatusIndexing {

    private static final Logger LOG = LoggerFactory.getLogger(StatusIndexing.class);

    private static final String STATUS = "select * from projection";

    private final AuditStream stream;
    private final JdbcTemplate books;
    private final Duration interval;
    private boolean prepared;

    /** The ids of what was parked at the last look, and need not be sent again. */
    private Set<String> told = Set.of();

    /**
     * @param interval how often it is told
     */
    StatusIndexing(AuditStream stream, JdbcTemplate books, Duration interval) {
        this.stream = stream;
        this.books = books;
        this.interval = interval;
    }

    void index() {
        try {
            if (!prepared) {
                stream.prepare();
                prepared = true;
            }
            Map<String, Map<String, Object>> parked = new LinkedHashMap<>();
            books.query(BooksQueries.PARKED, row -> {
                parked.put(parkedId(row), parked(row));
            });
            Map<String, Map<String, Object>> documents = new LinkedHashMap<>(parked);
            documents.keySet().removeAll(told);
            books.query(STATUS, row -> {
                documents.put(statusId(row), status(row));
            });
            stream.add(documents);
            told = parked.keySet();
        } catch (IOException | RuntimeException e) {
            // Without its stream there may be nothing left of what it was told, too.
            prepared = false;
            told = Set.of();
            LOG.debug("the status of the projections is not in the audit this time", e);
        }
    }

    /** The same for all nodes that tell of it at about the same time. */
    private String statusId(ResultSet row) throws SQLException {
        return row.getString("name") + "-" + time(row, "updated_at").getEpochSecond() / interval.toSeconds();
    }

    private static Map<String, Object> status(ResultSet row) throws SQLException {
        String name = row.getString("name");
        String state = row.getString("state");
        long behind = row.getLong("lag_events");
        long parked = row.getLong("parked");
        String detail = row.getString("detail");
        return document(
                        time(row, "updated_at"),
                        String.format(Locale.ROOT, "%s is %s, %,d events behind", name, state, behind)
                                + (parked == 0 ? "" : String.format(Locale.ROOT, ", %,d parked", parked))
                                + (detail == null ? "" : ": " + detail),
                        "metric",
                        "status",
                        detail)
                .put(AuditField.PROJECTION, name)
                .put(AuditField.GENERATION, row.getInt("generation"))
                .put(AuditField.STATE, state)
                .put(AuditField.LAG_EVENTS, behind)
                .put(AuditField.LAG_TIME, row.getLong("lag_millis"))
                .put(AuditField.RATE, row.getDouble("rate"))
                .put(AuditField.PARKED, parked)
                .members();
    }

    /** The same as long as it is parked there. */
    private static String parkedId(ResultSet row) throws SQLException {
        return row.getString("projection") + "-" + row.getInt("generation") + "-" + row.getString("ledger") + "-"
                + row.getLong("sequence") + "-" + time(row, "since").toEpochMilli();
    }

    private static Map<String, Object> parked(ResultSet row) throws SQLException {
        String projection = row.getString("projection");
        String ledger = row.getString("ledger");
        long sequence = row.getLong("sequence");
        String reason = row.getString("reason");
        return document(
                        time(row, "since"),
                        projection + " has parked ledger " + ledger + " at event " + sequence + ": " + reason
                                + "; when that is mended, './daybook replay " + projection + " --ledger " + ledger
                                + "'",
                        "alert",
                        "parked",
                        reason)
                .put(AuditField.LEDGER, ledger)
                .put(AuditField.REACHED, sequence)
                .put(AuditField.PROJECTION, projection)
                .put(AuditField.GENERATION, row.getInt("generation"))
                .members();
    }

    private static AuditDocument document(
            Instant at, String message, String kind, String action, @Nullable String reason) {
        return new AuditDocument()
                .put(AuditField.TIMESTAMP, at.toString())
                .put(AuditField.MESSAGE, message)
                .put(AuditField.KIND, kind)
                .put(AuditField.ACTION, action)
                .put(AuditField.DATASET, AuditKind.PROJECTIONS.dataset())
                .put(AuditField.REASON, reason);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
