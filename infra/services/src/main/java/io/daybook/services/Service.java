package io.daybook.services;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A running backing service. */
public interface Service {

    /** Its name in files and tables, such as {@code event-store}. */
    String name();

    /** The port on 127.0.0.1. */
    int port();

    /** The process id, or -1 if it is not running or is in a container. */
    long pid();

    /** The name of its container in the Docker engine, or null if it is a process. */
    @Nullable String container();

    Path log();

    /** How often it has ended by itself and was started again; of a container the engine knows. */
    int restarts();
}
