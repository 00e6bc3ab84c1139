package io.daybook.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What this process and the PostgreSQL servers, that of the event store and that of the books, have used; from Linux'
 * {@code /proc} and the servers' own statistics.
 */
public final class Meter implements AutoCloseable {

    private static final double TICKS_A_SECOND = 100; // USER_HZ is 100 on every architecture that Java runs on
    private static final int PARENT = 1;
    private static final int USER_TIME = 11;
    private static final int CHILDREN_SYSTEM_TIME = 14;

    /**
     * @param processorSeconds what there was: the time that passed, times the processors
     * @param jvmSeconds processor time of this process
     * @param postgresSeconds processor time of the servers and their backends
     * @param walBytes written to the write-ahead logs
     * @param fileBytes written to all files: tables, indexes, and the logs with what they are filled up with
     */
    public record Reading(
            double processorSeconds, double jvmSeconds, double postgresSeconds, long walBytes, long fileBytes) {

        static final Reading NOTHING = new Reading(0, 0, 0, 0, 0);

        Reading since(Reading before) {
            return new Reading(
                    processorSeconds - before.processorSeconds,
                    jvmSeconds - before.jvmSeconds,
                    postgresSeconds - before.postgresSeconds,
                    walBytes - before.walBytes,
                    fileBytes - before.fileBytes);
        }

        Reading plus(Reading other) {
            return new Reading(
                    processorSeconds + other.processorSeconds,
                    jvmSeconds + other.jvmSeconds,
                    postgresSeconds + other.postgresSeconds,
                    walBytes + other.walBytes,
                    fileBytes + other.fileBytes);
        }
    }

    private final List<Server> servers;

    /**
     * @param services properties of an application
     */
    Meter(Map<String, String> services) {
        servers = Stream.of(SubjectDatabase.EVENT_STORE, SubjectDatabase.BOOKS)
                .map(store -> Server.of(SubjectDatabase.open(services, store, 1, "")))
                .toList();
    }

    Reading read() {
        return servers.stream().map(Server::read).reduce(ofThisProcess(), Reading::plus);
    }

    private static Reading ofThisProcess() {
        double jvm =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
        return new Reading(System.nanoTime() / 1e9 * Runtime.getRuntime().availableProcessors(), jvm, 0, 0, 0);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.database().close());
    }

    private record Server(HikariDataSource database, JdbcTemplate jdbc, long postmaster) {

        static Server of(HikariDataSource database) {
            JdbcTemplate jdbc = new JdbcTemplate(database);
            long backend = jdbc.queryForObject("select pg_backend_pid()", Long.class);
            return new Server(database, jdbc, Long.parseLong(statistics(backend).get(PARENT)));
        }

        Reading read() {
            long wal = jdbc.queryForObject("select pg_current_wal_lsn() - '0/0'::pg_lsn", Long.class);
            long files = jdbc.queryForObject(
                    "select sum(coalesce(write_bytes, 0) + coalesce(extend_bytes, 0)) from pg_stat_io", Long.class);
            return new Reading(0, 0, processorSeconds(), wal, files);
        }

        private double processorSeconds() {
            // Of backends that have ended, the postmaster has the time.
            double ticks = ticks(postmaster, CHILDREN_SYSTEM_TIME);
            for (long backend : ProcessHandle.of(postmaster).stream()
                    .flatMap(ProcessHandle::children)
                    .mapToLong(ProcessHandle::pid)
                    .toArray()) {
                try {
                    ticks += ticks(backend, USER_TIME + 1);
                } catch (UncheckedIOException ended) {
                    // Between the list and the look.
                }
            }
            return ticks / TICKS_A_SECOND;
        }
    }

    private static double ticks(long process, int last) {
        return statistics(process).subList(USER_TIME, last + 1).stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    /** The fields after the command's name, which is in parentheses: state, parent, ... */
    private static List<String> statistics(long process) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
            return new ArrayList<>(
                    Stream.of(line.substring(line.lastIndexOf(')') + 2).split(" "))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
