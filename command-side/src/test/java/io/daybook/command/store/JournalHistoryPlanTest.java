package io.daybook.command.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.PreparedStatement;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** How PostgreSQL looks for the identities of a full batch in a journal that grew since its statistics were taken. */
class JournalHistoryPlanTest {

    private static final int EVENTS = 50_000;
    private static final int PROBES = 4_096;

    private final TestJournal store = new TestJournal();
    private final JdbcTemplate journal = store.jdbc();

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void each_identity_is_looked_up_by_its_index() {
        journal.update("""
                insert into event (position, ledger, sequence, event_id, type, recorded_at, request_id, actor, data, hash)
                select n, 'acme', n, gen_random_uuid(), 'daybook.transaction-posted.v1', now(), '', '', '', ''
                  from generate_series(1, ?) n
                """, EVENTS);

        List<String> plan = journal.query(
                connection -> {
                    PreparedStatement statement = connection.prepareStatement("explain " + JournalHistory.FIND);
                    Object[] ledgers = Collections.nCopies(PROBES, "acme").toArray();
                    Object[] ids =
                            Stream.generate(UUID::randomUUID).limit(PROBES).toArray();
                    for (int column = 0; column < 6; column++) {
                        boolean isText = column == 2;
                        statement.setArray(2 * column + 1, connection.createArrayOf("text", ledgers));
                        statement.setArray(
                                2 * column + 2,
                                connection.createArrayOf(isText ? "text" : "uuid", isText ? ledgers : ids));
                    }
                    return statement;
                },
                (row, n) -> row.getString(1));

        assertThat(plan)
                .noneMatch(
                        line -> line.contains("Seq Scan on event") || line.contains("Seq Scan on remembered_command"));
        assertThat(plan).noneMatch(line -> line.contains("Hash Join") || line.contains("Merge Join"));
    }
}
