package io.daybook.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** What this process and the PostgreSQL server have used, from Linux' {@code /proc} and the server's write-ahead log. */
final class Meter {

    private static final double TICKS_A_SECOND = 100; // USER_HZ is 100 on every architecture that Java runs on
    private static final int PARENT = 1;
    private static final int USER_TIME = 11;
    private static final int CHILDREN_SYSTEM_TIME = 14;

    /**
     * @param jvmSeconds processor time of this process
     * @param postgresSeconds processor time of the server and its backends
     * @param walBytes written to the write-ahead log
     */
    record Reading(double jvmSeconds, double postgresSeconds, long walBytes) {
        Reading since(Reading before) {
            return new Reading(
                    jvmSeconds - before.jvmSeconds,
                    postgresSeconds - before.postgresSeconds,
                    walBytes - before.walBytes);
        }
    }

    private final JdbcTemplate server;
    private final long postmaster;

    Meter(JdbcTemplate server) {
        this.server = server;
        long backend = server.queryForObject("select pg_backend_pid()", Long.class);
        this.postmaster = Long.parseLong(statistics(backend).get(PARENT));
    }

    Reading read() {
        double jvm =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
        long wal = server.queryForObject("select pg_current_wal_lsn() - '0/0'::pg_lsn", Long.class);
        return new Reading(jvm, postgresSeconds(), wal);
    }

    private double postgresSeconds() {
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
