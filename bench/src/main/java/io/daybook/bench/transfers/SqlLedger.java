package io.daybook.bench.transfers;

import com.zaxxer.hikari.HikariDataSource;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.measure.SubjectDatabase;
import io.daybook.bench.transfers.Flow.Transfer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A ledger as one writes it in SQL: one transaction for each transfer, which locks both accounts in their order, checks the
 * source, updates both, and inserts the transfer and its two entries. It is a function in the database, so that a transfer is
 * one round trip.
 */
final class SqlLedger implements Subject {

    private static final List<Integer> CLIENTS = List.of(2, 4, 8, 16, 32, 64);

    private static final String SCHEMA = """
            create table account (ledger int not null, account text collate "C" not null, balance bigint not null,
                                  bounded boolean not null, primary key (ledger, account));
            create table transfer (id uuid primary key default uuidv7(), ledger int not null,
                                   source text not null, destination text not null, asset text not null,
                                   amount bigint not null, at timestamptz not null default now());
            create table entry (id bigint generated always as identity primary key, transfer uuid not null,
                                ledger int not null, account text collate "C" not null, amount bigint not null,
                                balance bigint not null);
            create index on entry (ledger, account, id);
            create function transfer(_ledger int, _source text, _destination text, _asset text, _amount bigint)
            returns void language plpgsql as $$
            declare
                _from account; _to account; _id uuid;
            begin
                perform 1 from account where ledger = _ledger and account in (_source, _destination)
                         order by account for update;
                update account set balance = balance - _amount where ledger = _ledger and account = _source
                       returning * into _from;
                update account set balance = balance + _amount where ledger = _ledger and account = _destination
                       returning * into _to;
                if _from.bounded and _from.balance < 0 then
                    raise exception 'insufficient funds';
                end if;
                insert into transfer (ledger, source, destination, asset, amount)
                       values (_ledger, _source, _destination, _asset, _amount) returning id into _id;
                insert into entry (transfer, ledger, account, amount, balance)
                       values (_id, _ledger, _source, -_amount, _from.balance),
                              (_id, _ledger, _destination, _amount, _to.balance);
            end $$;
            """;

    private final TransferScenario scenario;
    private final HikariDataSource database;

    /** As many as are best on this machine with accounts so hot; 0 until it was tried. */
    private int clients;

    private long answered;

    SqlLedger(TransferScenario scenario, Map<String, String> services) {
        this.scenario = scenario;
        this.database = SubjectDatabase.open(services, SubjectDatabase.EVENT_STORE, CLIENTS.getLast(), "");
        JdbcTemplate jdbc = new JdbcTemplate(database);
        jdbc.execute(SCHEMA);
        jdbc.update(
                "insert into account select l, 'users:' || a, ?, true from generate_series(0, ?) l, generate_series(0, ?) a",
                TransferScenario.OPENING_BALANCE,
                scenario.ledgers() - 1,
                scenario.accounts() - 1);
        jdbc.update(
                "insert into account select l, name, 0, false from generate_series(0, ?) l, unnest(array['world', 'bank']) name",
                scenario.ledgers() - 1);
        jdbc.execute("analyze account");
    }

    @Override
    public String name() {
        return "SQL ledger, " + clients + " clients";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        if (clients > 0) {
            return run(duration, clients);
        }
        Measured best = null;
        for (int candidate : CLIENTS) {
            Measured trial = run(duration.dividedBy(CLIENTS.size()), candidate);
            if (best == null || trial.rate() > best.rate()) {
                best = trial;
                clients = candidate;
            }
        }
        return best;
    }

    private Measured run(Duration duration, int clients) throws Exception {
        List<Connection> connections = new ArrayList<>();
        try {
            List<Callable<Integer>> workers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Connection connection = database.getConnection();
                connections.add(connection);
                workers.add(worker(connection, new SplittableRandom(i)));
            }
            Measured measured = Loop.threads(duration, workers);
            answered += measured.count();
            return measured;
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    private Callable<Integer> worker(Connection connection, SplittableRandom random) throws Exception {
        PreparedStatement call = connection.prepareStatement("select transfer(?, ?, ?, 'USD/2', 1)");
        return () -> {
            Transfer next = scenario.flow().next(random, scenario.accounts());
            call.setInt(1, scenario.ledger(random));
            call.setString(2, TransferScenario.account(next.source()));
            call.setString(3, TransferScenario.account(next.destination()));
            call.execute();
            return 1;
        };
    }

    @Override
    public void verify() {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        long transfers = jdbc.queryForObject("select count(*) from transfer", Long.class);
        long sum = jdbc.queryForObject("select sum(amount) from entry", Long.class);
        if (transfers != answered || sum != 0) {
            throw new AssertionError(transfers + " transfers with the sum " + sum + " are there, " + answered
                    + " with the sum 0 should be");
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
