package io.daybook.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's process that does not outlive us. It runs under a small shell script that holds the other end of a pipe: when
 * the pipe closes, because we close it or because we are gone, even by {@code kill -9}, the script asks the service to stop
 * and, after a grace, kills it.
 */
final class ChildProcess implements Running {

    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

    private static final int GRACE_SECONDS = 30;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(GRACE_SECONDS + 5L);

    /** $0 is the signal that stops the service, $1 its pid file, the rest its command. */
    private static final String KEEPER = """
            signal=$0; pidfile=$1; shift
            exec 3<&0
            "$@" 3<&- </dev/null &
            child=$!
            echo $child >"$pidfile"
            trap '' INT TERM HUP
            (
              read -r _ <&3
              kill -$signal $child 2>/dev/null
              waited=0
              while kill -0 $child 2>/dev/null && [ $waited -lt %d ]; do sleep 1; waited=$((waited + 1)); done
              kill -KILL $child 2>/dev/null
            ) &
            keeper=$!
            wait $child
            status=$?
            kill -KILL $keeper 2>/dev/null
            rm -f "$pidfile"
            exit $status
            """.formatted(GRACE_SECONDS);

    private final String name;
    private final Process keeper;
    private final Path log;
    private final Path pidFile;

    private ChildProcess(String name, Process keeper, Path log, Path pidFile) {
        this.name = name;
        this.keeper = keeper;
        this.log = log;
        this.pidFile = pidFile;
    }

    /**
     * Starts a service; one that an earlier run has left over is stopped first.
     *
     * @param stopSignal what makes the service stop in order, such as {@code TERM}
     */
    static ChildProcess start(
            String name, DataDirectory data, String stopSignal, List<String> command, Map<String, String> environment) {
        Path log = data.log(name);
        Path pidFile = data.pidFile(name);
        endLeftOver(name, pidFile, stopSignal);
        List<String> kept = new ArrayList<>(List.of("/bin/sh", "-c", KEEPER, stopSignal, pidFile.toString()));
        kept.addAll(command);
        try {
            ProcessBuilder builder = new ProcessBuilder(kept)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return new ChildProcess(name, builder.start(), log, pidFile);
        } catch (IOException e) {
            throw new ServiceException(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    private static void endLeftOver(String name, Path pidFile, String stopSignal) {
        try {
            if (!Files.exists(pidFile)) {
                return;
            }
            String recorded = Files.readString(pidFile).strip();
            if (!recorded.isEmpty()) {
                ProcessHandle.of(Long.parseLong(recorded))
                        .filter(process -> isOurs(process, pidFile))
                        .ifPresent(process -> end(name, process, stopSignal));
            }
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Process ids are used again: it is ours only if it was started before its pid file was written, and not long before. */
    private static boolean isOurs(ProcessHandle process, Path pidFile) {
        try {
            var written = Files.getLastModifiedTime(pidFile).toInstant();
            return process.info()
                    .startInstant()
                    .map(started -> Duration.between(started, written).abs().compareTo(Duration.ofSeconds(5)) < 0)
                    .orElse(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(String name, ProcessHandle process, String stopSignal) {
        LOG.info("{} of an earlier run (process {}) is still there; stopping it", name, process.pid());
        try {
            new ProcessBuilder("kill", "-" + stopSignal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            process.onExit().get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (IOException | ExecutionException e) {
            throw new ServiceException(
                    name + " of an earlier run (process " + process.pid() + ") cannot be stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isAlive() {
        return keeper.isAlive();
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public long pid() {
        try {
            String recorded = Files.exists(pidFile) ? Files.readString(pidFile).strip() : "";
            return recorded.isEmpty() ? -1 : Long.parseLong(recorded);
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        // Whoever closes it relies on its end, and so waits for it even if he was interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            keeper.getOutputStream().close();
            if (!keeper.waitFor(STOP_TIMEOUT)) {
                LOG.warn("{} did not stop within {}", name, STOP_TIMEOUT);
                keeper.descendants().forEach(ProcessHandle::destroyForcibly);
                keeper.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.warn("{} may not have stopped", name, e);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
