package io.daybook.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is measured on. */
public final class Machine {

    private static final List<String> SETTINGS =
            List.of("fsync", "synchronous_commit", "shared_buffers", "wal_compression");

    /** In bytes. */
    private static final double GIB = 1024.0 * 1024 * 1024;

    private Machine() {}

    /** Facts by name, in the order in which they are told. */
    public static Map<String, String> facts(JdbcTemplate server) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "processors", Runtime.getRuntime().availableProcessors() + " × " + line("/proc/cpuinfo", "model name"));
        facts.put("memory", Math.round(memory() / GIB) + " GiB");
        facts.put(
                "Java",
                Runtime.version() + ", heap of at most " + Runtime.getRuntime().maxMemory() / (1024 * 1024) + " MiB");
        facts.put("PostgreSQL", server.queryForObject("show server_version", String.class));
        SETTINGS.forEach(setting -> facts.put(setting, server.queryForObject("show " + setting, String.class)));
        return facts;
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private static String line(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
