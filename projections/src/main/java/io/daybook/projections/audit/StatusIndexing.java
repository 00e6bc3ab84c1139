package io.daybook.projections.audit;

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

    private static final String PARKED = """
            select parked.* from parked join generation using (projection) where parked.generation = generation.live
            """;

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
            books.query(PARKED, row -> {
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
                detail,
                Map.of(
                        "projection",
                        Map.of(
                                "name",
                                name,
                                "generation",
                                row.getInt("generation"),
                                "state",
                                state,
                                "lag",
                                Map.of("events", behind, "millis", row.getLong("lag_millis")),
                                "rate",
                                row.getDouble("rate"),
                                "parked",
                                parked)));
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
                        + "; when that is mended, './daybook replay " + projection + " --ledger " + ledger + "'",
                "alert",
                "parked",
                reason,
                Map.of(
                        "ledger",
                        ledger,
                        "sequence",
                        sequence,
                        "projection",
                        Map.of("name", projection, "generation", row.getInt("generation"))));
    }

    private static Map<String, Object> document(
            Instant at,
            String message,
            String kind,
            String action,
            @Nullable String reason,
            Map<String, Object> daybook) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("kind", kind);
        event.put("action", action);
        event.put("dataset", "daybook.projections");
        if (reason != null) {
            event.put("reason", reason);
        }
        return Map.of("@timestamp", at.toString(), "message", message, "event", event, "daybook", daybook);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
