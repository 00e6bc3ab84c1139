package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.LedgerId;
import io.daybook.installation.Installation;
import io.daybook.installation.Stores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daybook republish}. */
@Command(
        name = "republish",
        description = {
            "Fill the topic of events again from the event store: after it was lost or deleted, or when 'daybook verify' finds"
                    + " it damaged.",
            "It is emptied first and then has every event in its order. Commands are taken all the while; what they record is"
                    + " published after that. Whoever has read the events before recognises them.",
            "It is done by the application: if this is interrupted, that goes on, and goes on again after it was killed."
        })
public final class RepublishCommand implements Callable<Integer> {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final Duration TAKE_UP_TIMEOUT = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The installation's data folder. Default: .daybook in the project's folder.")
    private @Nullable Path data;

    private @Nullable LedgerId ledger;

    @Option(
            names = "--force",
            description = "Even if Kafka has events that the event store has not. They are lost then.")
    private boolean force;

    @Option(
            names = "--ledger",
            paramLabel = "LEDGER",
            description = "Only the partition of the topic that has this ledger, and others with it.")
    void setLedger(String name) {
        try {
            ledger = new LedgerId(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--ledger '" + name + "': " + e.getMessage(), e);
        }
    }

    /** What is asked for, and what becomes of it. */
    private record Row(
            String state,
            long position,
            long last,
            @Nullable String detail) {

        boolean isUnderWay() {
            return state.equals("wanted") || state.equals("running");
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        try (EventStore store = EventStore.of(Stores.of(Installation.folder(data)))) {
            if (ledger != null) {
                // Or it is told that there is none.
                store.lastOf(ledger.value());
            }
            Connection connection = store.connection();
            ask(connection);
            Row done = watch(connection);
            spec.commandLine().getOut().println(Objects.requireNonNullElse(done.detail(), done.state()));
            spec.commandLine().getOut().flush();
            return done.state().equals("done") ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (SQLException e) {
            throw new CommandFailed(
                    "The event store cannot be asked: " + e.getMessage()
                            + ".\nWhat was asked for goes on by itself; call this again when it is there to see how far it is.",
                    e);
        }
    }

    /** If it is under way already, it is watched. */
    private void ask(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into republication (ledger, force) values (?, ?)
                on conflict (singleton)
                do update set ledger = excluded.ledger, force = excluded.force, state = 'wanted', position = 0, last = 0,
                              detail = null, updated_at = now()
                 where republication.state in ('done', 'failed')
                """)) {
            insert.setString(1, ledger == null ? null : ledger.value());
            insert.setBoolean(2, force);
            if (insert.executeUpdate() == 0) {
                System.err.println("The topic is being filled already.");
            }
        }
    }

    private static Row read(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select state, position, last, detail from republication")) {
            ResultSet row = select.executeQuery();
            row.next();
            return new Row(row.getString(1), row.getLong(2), row.getLong(3), row.getString(4));
        }
    }

    private static Row watch(Connection connection) throws SQLException, InterruptedException {
        long asked = System.nanoTime();
        Progress progress = null;
        try {
            Row row = read(connection);
            for (; row.isUnderWay(); row = read(connection)) {
                if (row.last() > 0) {
                    progress = progress == null ? Progress.of("Republishing", "events", row.last()) : progress;
                    progress.reached(row.position());
                } else if (System.nanoTime() - asked > TAKE_UP_TIMEOUT.toNanos()) {
                    throw new CommandFailed("Nobody has taken this up for " + TAKE_UP_TIMEOUT.toSeconds()
                            + " s. Do Daybook and Kafka run? './daybook status' tells. It is taken up when they do.");
                }
                Thread.sleep(LOOK_AGAIN);
            }
            if (progress != null) {
                progress.reached(row.position());
            }
            return row;
        } finally {
            if (progress != null) {
                progress.close();
            }
        }
    }
}
