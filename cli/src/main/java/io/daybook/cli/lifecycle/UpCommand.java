package io.daybook.cli.lifecycle;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.ServerOptions;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Installation;
import io.daybook.installation.Token;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code daybook up}. */
@Command(
        name = "up",
        description = {
            "Start the backing services and Daybook, and wait until every part is ready.",
            "Without --detach, they run until this command is ended.",
            "The application's JVM takes further options from the environment's DAYBOOK_JAVA_OPTIONS."
        })
public final class UpCommand implements Callable<Integer> {

    /** How long a start may take from when all images are there. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    /** How long the images, some two gigabytes, may take to be fetched, on a slow line too. */
    private static final Duration FETCH_TIMEOUT = Duration.ofMinutes(60);

    private static final Duration TELL_AGAIN = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** The states of a projection that posts what comes. */
    static final Set<String> AT_WORK = Set.of("running", "replaying", "incomplete");

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(names = "--detach", description = "End when every part is ready, and let Daybook run on.")
    private boolean detach;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "The port for HTTP on 127.0.0.1. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--docker",
            description = {
                "Run the backing services in containers of their official Docker images.",
                "Their data are in Docker volumes, apart from those of a start without this option."
            })
    private boolean docker;

    @ArgGroup(exclusive = false)
    private @Nullable ApartOptions apart;

    /** Set when this command is ended, so that the application's end is not taken for a fault. */
    private volatile boolean ending;

    @Override
    public Integer call() throws InterruptedException {
        Path folder = data.folder();
        PrintWriter out = spec.commandLine().getOut();
        Optional<Installation> running = Installation.read(folder).filter(Installation::isAlive);
        if (running.isPresent() && isWell(running.get(), folder)) {
            return tellUpAlready(running.get(), folder, out);
        }
        if (running.isPresent()) {
            Installation ready = awaitReady(folder, running.get().process().orElseThrow(), out);
            return tellUpAlready(ready, folder, out);
        }
        List<String> how = how();
        Application.requireFree(port);
        Installation.delete(folder);
        Token.of(folder);
        Instant begin = Instant.now();
        out.println("Starting Daybook in " + folder + " …");
        out.flush();
        Process application = Application.start(folder, port, how);
        if (!detach) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> takeDown(folder, out), "daybook-down"));
        }
        Installation ready = awaitReady(folder, application.toHandle(), out);
        out.printf(
                "Daybook is up after %.1f s, at http://127.0.0.1:%d.%n",
                Duration.between(begin, Instant.now()).toMillis() / 1000.0, ready.httpPort());
        PartsTable.print(ready, folder, out);
        out.flush();
        return detach ? CommandLine.ExitCode.OK : untilEnded(application, folder, out);
    }

    private List<String> how() {
        List<String> how = new ArrayList<>();
        if (docker) {
            how.add("--docker");
        }
        if (apart != null) {
            how.add(apart.asArgument(spec.commandLine()));
        }
        return how;
    }

    private static int tellUpAlready(Installation ready, Path folder, PrintWriter out) {
        out.println("Daybook is up already, at http://127.0.0.1:" + ready.httpPort() + ".");
        PartsTable.print(ready, folder, out);
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Installation awaitReady(Path folder, ProcessHandle application, PrintWriter out)
            throws InterruptedException {
        Instant begin = Instant.now();
        Instant deadline = begin.plus(START_TIMEOUT);
        Set<String> told = new HashSet<>();
        FetchingLines fetching = new FetchingLines(begin, out);
        while (Instant.now().isBefore(deadline)) {
            if (!application.isAlive()) {
                throw new CommandFailed("Daybook ended while it was starting. The end of " + Installation.log(folder)
                        + ":\n" + Application.lastLines(folder));
            }
            Optional<Installation> installation =
                    Installation.read(folder).filter(written -> written.pid() == application.pid());
            installation.ifPresent(written -> written.parts().stream()
                    .filter(part -> told.add(part.name()))
                    .forEach(part -> tellReady(part.name(), begin, out)));
            Set<String> images = installation.map(Installation::fetching).orElse(Set.of());
            fetching.tell(images);
            if (!images.isEmpty() && Instant.now().isBefore(begin.plus(FETCH_TIMEOUT))) {
                deadline = Instant.now().plus(START_TIMEOUT);
            }
            if (installation.isPresent() && isWell(installation.get(), folder)) {
                return installation.get();
            }
            Thread.sleep(LOOK_AGAIN);
        }
        throw new CommandFailed("Daybook was not ready after "
                + Duration.between(begin, Instant.now()).toSeconds()
                + " s; it is still trying. See "
                + Installation.log(folder) + ", and take it down with './daybook down --data " + folder + "'.");
    }

    /** Tells of the images that are fetched: when one comes, and now and then what is still awaited. */
    private static final class FetchingLines {

        private final Instant begin;
        private final PrintWriter out;
        private Set<String> awaited = Set.of();
        private Instant toldAt = Instant.MIN;

        FetchingLines(Instant begin, PrintWriter out) {
            this.begin = begin;
            this.out = out;
        }

        void tell(Set<String> images) {
            awaited.stream()
                    .filter(image -> !images.contains(image))
                    .sorted()
                    .forEach(image -> tellReady("image " + image, begin, out));
            boolean changed = !awaited.equals(images);
            awaited = images;
            if (!images.isEmpty() && (changed || toldAt.plus(TELL_AGAIN).isBefore(Instant.now()))) {
                toldAt = Instant.now();
                out.printf(
                        "  fetching %s … %d s%n",
                        String.join(", ", new TreeSet<>(images)),
                        Duration.between(begin, toldAt).toSeconds());
                out.flush();
            }
        }
    }

    private static void tellReady(String part, Instant begin, PrintWriter out) {
        out.printf(
                "  %-14s ready after %4.1f s%n",
                part, Duration.between(begin, Instant.now()).toMillis() / 1000.0);
        out.flush();
    }

    /** A service that has ended by itself is being started again. */
    private static boolean isWell(Installation installation, Path folder) {
        return installation.ready() && installation.allPartsAreAlive() && projectionsRun(folder);
    }

    /** Whether the application answers, and all that post the books do their work. */
    private static boolean projectionsRun(Path folder) {
        try (DaybookClient client = ServerOptions.connectTo(folder)) {
            JsonNode projections = client.get("/v1/projections").body().path("data");
            return !projections.isEmpty()
                    && projections
                            .valueStream()
                            .allMatch(projection ->
                                    AT_WORK.contains(projection.path("state").asString("")));
        } catch (CommandFailed notYet) {
            return false;
        }
    }

    private void takeDown(Path folder, PrintWriter out) {
        ending = true;
        DownCommand.stop(folder, out);
    }

    private int untilEnded(Process application, Path folder, PrintWriter out) throws InterruptedException {
        out.println("Daybook runs until you press Ctrl-C.");
        out.flush();
        int status = application.waitFor();
        if (ending) {
            return CommandLine.ExitCode.OK;
        }
        throw new CommandFailed("Daybook ended by itself, with status " + status + ". The end of "
                + Installation.log(folder) + ":\n" + Application.lastLines(folder));
    }
}
