package io.daybook.projections.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.services.SharedServices;
import io.daybook.services.SharedServices.Isolated;
import io.daybook.stores.BooksDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class BooksSchemasTest {

    private final Isolated services = SharedServices.get().isolated();
    private final DataSource database = database();
    private final JdbcTemplate books = new JdbcTemplate(database);

    private DataSource database() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(services.get("daybook.books.jdbc-url"));
        dataSource.setUser(services.get("daybook.books.username"));
        dataSource.setPassword(services.get("daybook.books.password"));
        return dataSource;
    }

    @Test
    void are_made_when_the_process_was_killed_after_any_commit_of_their_making() {
        int commits = 0;
        boolean isKilled = true;
        while (isKilled) {
            books.execute("drop schema if exists books_aside cascade");
            Killed killed = new Killed(database, ++commits);
            isKilled = !makes(killed);

            assertThat(makes(database))
                    .as("after it was killed after commit %d", commits)
                    .isTrue();

            assertThat(books.queryForObject("select count(*) from books_aside.held", Long.class))
                    .isZero();
        }
        assertThat(commits).isGreaterThan(2);
    }

    private static boolean makes(DataSource dataSource) {
        try {
            new BooksSchemas(dataSource).migrateBooks(BooksDatabase.ASIDE);
            return true;
        } catch (FlywayException | DataAccessException e) {
            return false;
        }
    }

    /** Books as they were before balances had numbers. */
    private void earlierBooks() {
        Flyway.configure()
                .dataSource(database)
                .defaultSchema(BooksDatabase.LIVE)
                .locations(BooksDatabase.MIGRATIONS)
                .target("2")
                .load()
                .migrate();
        books.execute("""
                insert into books.ledger values ('acme', null, '{}', now(), 5, 2, 2), ('other', null, '{}', now(), 7, 1, 1);
                insert into books.balance (ledger, account, asset, input, output) values
                    ('acme', 'world', 'USD', 0, 5), ('acme', 'alice', 'USD', 5, 0), ('acme', 'alice', 'EUR', 1, 1),
                    ('other', 'alice', 'USD', 9, 2);
                insert into books.entry
                       (ledger, account, sequence, posting, asset, amount, input, balance, transaction, effective_at, recorded_at)
                values ('acme', 'world', 3, 0, 'USD', -5, 0, -5, '00000000-0000-0000-0000-000000000003', now(), now()),
                       ('acme', 'alice', 3, 0, 'USD', 5, 5, 5, '00000000-0000-0000-0000-000000000003', now(), now()),
                       ('acme', 'alice', 5, 0, 'EUR', 1, 1, 1, '00000000-0000-0000-0000-000000000005', now(), now()),
                       ('acme', 'alice', 5, 1, 'EUR', -1, 1, 0, '00000000-0000-0000-0000-000000000005', now(), now()),
                       ('other', 'alice', 7, 0, 'USD', 7, 9, 7, '00000000-0000-0000-0000-000000000007', now(), now());
                """);
    }

    private List<String> entries(String relation) {
        return books.queryForList("""
                select concat_ws(' ', ledger, account, asset, sequence, posting, amount, input, balance, transaction,
                                 effective_at, recorded_at)
                  from books.%s
                 order by ledger, account, asset, sequence, posting
                """.formatted(relation), String.class);
    }

    @Test
    void bring_the_entries_of_earlier_books_to_the_numbers_of_their_balances() {
        earlierBooks();
        List<String> before = entries("entry");

        new BooksSchemas(database).migrateBooks(BooksDatabase.LIVE);

        assertThat(before).hasSize(5);
        assertThat(entries("account_entry")).isEqualTo(before);
        assertThat(books.queryForList(
                        "select folded || ' ' || unfolded from books.balance order by ledger", String.class))
                .containsExactly("5 0", "5 0", "5 0", "7 0");
    }

    @Test
    void have_the_turnovers_of_half_rebuilt_books_added_up_at_the_end_of_the_rebuilding() {
        earlierBooks();
        books.execute("""
                create table books.rebuild (number int generated always as identity primary key, statement text not null);
                insert into books.rebuild (statement) values
                    ('alter table books.entry add constraint entry_pkey PRIMARY KEY (ledger, account, sequence, posting)'),
                    ('CREATE UNIQUE INDEX entry_of_asset ON books.entry USING btree (ledger, account, asset, sequence, posting)'),
                    ('alter table books.event add constraint event_pkey PRIMARY KEY (ledger, sequence)');
                """);

        new BooksSchemas(database).migrateBooks(BooksDatabase.LIVE);

        assertThat(books.queryForList("select statement from books.rebuild", String.class))
                .containsExactly("alter table books.event add constraint event_pkey PRIMARY KEY (ledger, sequence)");
        assertThat(books.queryForList("select distinct folded || ' ' || unfolded from books.balance", String.class))
                .containsExactly("0 64");
    }

    /** Loses all its connections after so many commits. */
    private static final class Killed extends DelegatingDataSource {

        private final List<Connection> connections = new ArrayList<>();
        private int left;

        Killed(DataSource target, int commits) {
            super(target);
            left = commits;
        }

        @Override
        public Connection getConnection() throws SQLException {
            requireAlive();
            Connection connection = super.getConnection();
            connections.add(connection);
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        Object result = call(connection, method, arguments);
                        if (method.getName().equals("commit") && --left == 0) {
                            for (Connection each : connections) {
                                each.abort(Runnable::run);
                            }
                            requireAlive();
                        }
                        return result;
                    });
        }

        private void requireAlive() throws SQLException {
            if (left <= 0) {
                throw new SQLException("it was killed", "08006");
            }
        }

        private static Object call(Connection connection, Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
