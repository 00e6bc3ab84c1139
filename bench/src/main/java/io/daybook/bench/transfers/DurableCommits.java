package io.daybook.bench.transfers;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.measure.Expected;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.measure.SubjectDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/** The least that a durable answer costs: one row of an event's size, inserted and committed, and then the next. */
final class DurableCommits implements Subject {

    private static final int ROW_BYTES = 400;

    private final HikariDataSource database;
    private long committed;

    DurableCommits(Map<String, String> services) {
        database = SubjectDatabase.open(services, SubjectDatabase.EVENT_STORE, 1, "");
        new JdbcTemplate(database).execute("create table committed (row bytea not null)");
    }

    @Override
    public String name() {
        return "a durable commit each, 1 connection";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into committed values (?)")) {
            insert.setBytes(1, new byte[ROW_BYTES]);
            Measured measured = Loop.threads(duration, List.of(insert::executeUpdate));
            committed += measured.count();
            return measured;
        }
    }

    @Override
    public void verify() {
        Expected.require(
                "rows",
                committed,
                new JdbcTemplate(database).queryForObject("select count(*) from committed", Long.class));
    }

    @Override
    public void close() {
        database.close();
    }
}
