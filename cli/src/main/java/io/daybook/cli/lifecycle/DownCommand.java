package io.daybook.cli.lifecycle;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Installation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code daybook down}. */
@Command(name = "down", description = "Stop Daybook and its backing services, in order. Their data stays.")
public final class DownCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() {
        stop(data.folder(), spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }

    /** Stops the installation if it runs, and waits until the last of its processes is gone. */
    static void stop(Path folder, PrintWriter out) {
        Optional<Installation> installation = Installation.read(folder);
        if (installation.isEmpty()) {
            out.println("Daybook is not up in " + folder + ".");
            out.flush();
            return;
        }
        Instant begin = Instant.now();
        out.println("Stopping Daybook in " + folder + " …");
        out.flush();
        installation.get().process().ifPresent(ProcessHandle::destroy);
        while (anythingRuns(installation.get())) {
            if (Duration.between(begin, Instant.now()).compareTo(TIMEOUT) > 0) {
                throw new CommandFailed("Daybook did not stop within " + TIMEOUT.toSeconds() + " s. See "
                        + Installation.log(folder) + "; its process is "
                        + installation.get().pid() + "." + leftContainers(installation.get()));
            }
            pause();
        }
        Installation.delete(folder);
        out.printf(
                "Daybook is down after %.1f s.%n",
                Duration.between(begin, Instant.now()).toMillis() / 1000.0);
        out.flush();
    }

    /** Where Testcontainers' cleaner is disabled, nobody stops the containers of an application that was killed. */
    private static String leftContainers(Installation installation) {
        String containers = installation.parts().stream()
                .filter(Installation.Part::isAlive)
                .map(Installation.Part::container)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        return containers.isEmpty() || installation.isAlive()
                ? ""
                : "\nIts containers are left; 'docker stop " + containers
                        + "' stops them, and so does the next './daybook up --docker'.";
    }

    /** If the application was killed, its services are stopping by themselves. */
    private static boolean anythingRuns(Installation installation) {
        return installation.isAlive() || installation.parts().stream().anyMatch(Installation.Part::isAlive);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
