package io.daybook.installation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an installation tells of itself in the file {@code installation.json} of its data folder. The application writes
 * it as it comes up; the command line finds the application by it.
 *
 * @param pid the application's process id
 * @param startedAt when that process was started, as ids are used again
 * @param httpPort its port on 127.0.0.1
 * @param ready whether every part of it answers
 * @param fetching the Docker images that it waits for before it can start services from them
 * @param parts its backing services, as far as they answer
 */
public record Installation(
        long pid, Instant startedAt, int httpPort, boolean ready, Set<String> fetching, List<Part> parts) {

    /**
     * A backing service.
     *
     * @param pid its process id; -1 if it runs in a container, whose processes are the engine's and perhaps not of this
     *     machine
     * @param container the name of its container in the Docker engine, or null if it is a process
     * @param port its port on 127.0.0.1
     * @param log the file with its log
     * @param restarts how often it has ended by itself and was started again
     */
    public record Part(String name, long pid, @Nullable String container, int port, String log, int restarts) {

        /** Whether it runs: as long as its container does, the engine takes connections to its port. */
        @JsonIgnore
        public boolean isAlive() {
            return container == null
                    ? ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
                    : takesConnections();
        }

        private boolean takesConnections() {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MS);
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    private static final int CONNECT_TIMEOUT_MS = 1_000;

    private static final String FILE_NAME = "installation.json";
    private static final String DEFAULT_FOLDER = ".daybook";
    // The application may be of a version that tells less.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** Start times are known to a hundredth of a second, and not everywhere alike. */
    private static final Duration SAME_START = Duration.ofSeconds(2);

    public Installation {
        fetching = Set.copyOf(fetching);
        parts = List.copyOf(parts);
    }

    /** The data folder that {@code --data} names, or the project's own for null. */
    public static Path folder(@Nullable Path data) {
        Path folder = data == null ? Path.of(System.getProperty("daybook.home", ""), DEFAULT_FOLDER) : data;
        return folder.toAbsolutePath().normalize();
    }

    /** What is in the folder's file; empty if there is none, or one that was cut off. */
    public static Optional<Installation> read(Path folder) {
        try {
            return Optional.of(JSON.readValue(Files.readString(folder.resolve(FILE_NAME)), Installation.class));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.resolve(FILE_NAME), e);
        }
    }

    /** Replaces the folder's file, so that a reader sees the old one or the new one, whole. */
    public void write(Path folder) {
        try {
            Path unfinished = folder.resolve(FILE_NAME + ".unfinished");
            Files.writeString(unfinished, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
            Files.move(unfinished, folder.resolve(FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder.resolve(FILE_NAME), e);
        }
    }

    public static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(FILE_NAME));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder.resolve(FILE_NAME), e);
        }
    }

    /** The application's process if it is still the one that wrote this. */
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(process -> process.info()
                .startInstant()
                .map(start -> Duration.between(start, startedAt).abs().compareTo(SAME_START) <= 0)
                .orElse(true));
    }

    /** Whether all of its backing services run. */
    public boolean allPartsAreAlive() {
        return parts.stream().allMatch(Part::isAlive);
    }

    @JsonIgnore
    public boolean isAlive() {
        return process().isPresent();
    }

    /** Where the application's own log is. */
    public static Path log(Path folder) {
        return folder.resolve("logs").resolve("daybook.log");
    }
}
