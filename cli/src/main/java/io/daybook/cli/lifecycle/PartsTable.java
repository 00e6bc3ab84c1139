package io.daybook.cli.lifecycle;

import io.daybook.installation.Installation;
import io.daybook.installation.Installation.Part;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** What runs where, for people. */
final class PartsTable {

    private static final int NARROWEST = 8;

    private PartsTable() {}

    static void print(Installation installation, Path folder, PrintWriter out) {
        List<Part> parts = installation.parts();
        boolean containers = parts.stream().anyMatch(part -> part.container() != null);
        int width = Math.max(
                NARROWEST,
                parts.stream().mapToInt(part -> runsAs(part).length()).max().orElse(0));
        String row = "  %-14s  %" + width + "s  %6s  %s%n";
        out.printf(row, "part", containers ? "process or container" : "process", "port", "log");
        out.printf(row, "daybook", installation.pid(), installation.httpPort(), shown(Installation.log(folder)));
        parts.forEach(part -> out.printf(
                row, part.name(), part.isAlive() ? runsAs(part) : "gone", part.port(), shown(Path.of(part.log()))));
        parts.stream()
                .filter(part -> part.restarts() > 0)
                .forEach(part -> out.printf(
                        "  %s has ended by itself and was started again, so far %s.%n",
                        part.name(), part.restarts() == 1 ? "once" : part.restarts() + " times"));
    }

    /** What people give to {@code ps} or {@code docker}. */
    private static String runsAs(Part part) {
        return part.container() == null ? Long.toString(part.pid()) : part.container();
    }

    /** Relative to where the person is, if it is below. */
    private static String shown(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file).toString() : file.toString();
    }
}
