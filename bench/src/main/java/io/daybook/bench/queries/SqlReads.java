package io.daybook.bench.queries;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.measure.SubjectDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** What a query needs of the books, read by one statement by itself; from the standby, if there is one, as Daybook does. */
final class SqlReads implements Subject {

    private static final String BALANCE =
            "select asset, input, output, held from books.balance where ledger = ? and account = ?";

    private static final String STATEMENT = """
            select sequence, posting, transaction, b.asset, amount, e.balance, effective_at, recorded_at
              from books.balance b
              join books.entry e on e.balance_number = b.number
             where b.ledger = ? and b.account = ?
             order by sequence, posting limit 51
            """;

    private static final String TRANSACTIONS = """
            select t.id, t.sequence, t.reference, t.metadata, t.effective_at, e.data, e.recorded_at, e.hash
              from (select distinct ledger, sequence
                      from books.balance b
                      join books.entry e on e.balance_number = b.number
                     where b.ledger = ? and b.account = ?
                     order by sequence desc
                     limit 51) mine
              join books.transaction t using (ledger, sequence)
              join books.event e using (ledger, sequence)
             order by t.sequence desc
            """;

    private final QueryScenario scenario;
    private final String ledger;
    private final HikariDataSource database;
    private final SplittableRandom seeds = new SplittableRandom(3);

    SqlReads(QueryScenario scenario, Map<String, String> services) {
        this.scenario = scenario;
        this.ledger = AskedLedger.name(services).value();
        this.database = SubjectDatabase.openBooksToRead(services, scenario.clients());
    }

    @Override
    public String name() {
        return "one SQL statement, " + scenario.clients() + " connections";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        List<Connection> connections = new ArrayList<>();
        try {
            List<Callable<Integer>> workers = new ArrayList<>();
            for (int i = 0; i < scenario.clients(); i++) {
                Connection connection = database.getConnection();
                connections.add(connection);
                workers.add(worker(connection, seeds.split()));
            }
            return Loop.threads(duration, workers);
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    private Callable<Integer> worker(Connection connection, SplittableRandom random) throws SQLException {
        PreparedStatement select = connection.prepareStatement(
                switch (scenario.query()) {
                    case BALANCE, BALANCE_FROM_BOOKS -> BALANCE;
                    case STATEMENT -> STATEMENT;
                    case TRANSACTIONS_BY_ACCOUNT -> TRANSACTIONS;
                });
        return () -> {
            String account = scenario.query().next(random, scenario.ledger());
            select.setString(1, ledger);
            select.setString(2, account);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("the books have nothing of " + account);
                }
                while (rows.next()) {
                    // All of them are read.
                }
            }
            return 1;
        };
    }

    /** Each read has looked at what it got. */
    @Override
    public void verify() {}

    @Override
    public void close() {
        database.close();
    }
}
