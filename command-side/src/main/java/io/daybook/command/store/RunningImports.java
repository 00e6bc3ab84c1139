package io.daybook.command.store;

import io.daybook.events.LedgerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which ledgers are being imported, as one batch of commands knows it. That an import begins or ends is written with what the
 * batch records, also if it records nothing. Whoever appends to the journal looks it up once more under the lock that orders
 * appends, so that what another node has in memory does no harm.
 */
public final class RunningImports {

    /** As long as it is held, nobody else appends. */
    private static final String LOCK = "select position from journal_head for update";

    private static final String COUNT = "update journal_head set imports = (select count(*) from running_import)";

    private final JdbcTemplate eventStore;
    private final JournalAppend append;

    /** What batches changed that were perhaps not durable yet when this one began, the last one first. */
    private final List<Map<LedgerId, Boolean>> before;

    private final Map<LedgerId, Boolean> changed = new HashMap<>();
    private final Map<LedgerId, Boolean> found = new HashMap<>();

    /**
     * @param append to which the batch adds what it changes
     * @param before those of batches that were decided before this one, and are perhaps not durable yet, in their order
     */
    public RunningImports(JdbcTemplate eventStore, JournalAppend append, List<RunningImports> before) {
        this.eventStore = eventStore;
        this.append = append;
        this.before = before.reversed().stream().map(earlier -> earlier.changed).toList();
    }

    /** Whether the ledger is being imported by now. The store is asked at most once in a batch. */
    public boolean isRunning(LedgerId ledger) {
        Boolean known = changed.get(ledger);
        for (int i = 0; known == null && i < before.size(); i++) {
            known = before.get(i).get(ledger);
        }
        return known == null ? found.computeIfAbsent(ledger, asked -> isRunning(eventStore, asked)) : known;
    }

    /** Whether the store has it that the ledger is being imported. */
    public static boolean isRunning(JdbcTemplate eventStore, LedgerId ledger) {
        return Boolean.TRUE.equals(eventStore.queryForObject(
                "select exists (select from running_import where ledger = ?)", Boolean.class, ledger.value()));
    }

    /** From now on nothing else is recorded in the ledger; if that is so already, it stays so. */
    public void begin(LedgerId ledger) {
        change(ledger, true, "insert into running_import (ledger) values (?) on conflict do nothing");
    }

    /** The ledger takes other commands again; nothing changes if it does already. */
    public void end(LedgerId ledger) {
        change(ledger, false, "delete from running_import where ledger = ?");
    }

    private void change(LedgerId ledger, boolean runs, String sql) {
        changed.put(ledger, runs);
        append.imports(ledger);
        append.add(connection -> {
            try (PreparedStatement lock = connection.prepareStatement(LOCK);
                    PreparedStatement change = connection.prepareStatement(sql);
                    PreparedStatement count = connection.prepareStatement(COUNT)) {
                lock.execute();
                change.setString(1, ledger.value());
                if (change.executeUpdate() > 0) {
                    count.executeUpdate();
                }
            }
        });
    }

    /**
     * Makes sure that none of these ledgers is being imported, by who holds the lock of the journal's head.
     *
     * @throws ConcurrencyException if one is: what would be appended was decided without knowing that
     */
    static void requireNone(Connection connection, Stream<LedgerId> ledgers) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select ledger from running_import where ledger = any (?) limit 1")) {
            Object[] names = ledgers.map(LedgerId::value).distinct().toArray();
            select.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet running = select.executeQuery()) {
                if (running.next()) {
                    throw new ConcurrencyException("ledger " + running.getString(1) + " is being imported");
                }
            }
        }
    }
}
