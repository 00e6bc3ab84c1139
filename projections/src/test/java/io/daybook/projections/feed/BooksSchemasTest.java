package io.daybook.projections.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.services.SharedServices;
import io.daybook.services.SharedServices.Isolated;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
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
            new BooksSchemas(dataSource).migrateBooks(BooksSchemas.ASIDE);
            return true;
        } catch (FlywayException | DataAccessException e) {
            return false;
        }
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
