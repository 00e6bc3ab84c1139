package io.daybook.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service runs in: a child process, or a container. */
sealed interface Running extends AutoCloseable permits ChildProcess, Container {

    boolean isAlive();

    /** The service's process id, or -1 if it does not run or is in a container. */
    long pid();

    /** The container's name in the engine, or null if it is a process. */
    default @Nullable String container() {
        return null;
    }

    Path log();

    /** The end of the log, for messages about a service that failed. */
    default String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }

    /** Stops the service in order and waits until it is gone. */
    @Override
    void close();
}
