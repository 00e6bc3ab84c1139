package io.daybook.cli.lifecycle;

import io.daybook.cli.installation.Installation;
import java.io.PrintWriter;
import java.nio.file.Path;

/** What runs where, for people. */
final class PartsTable {

    private static final String ROW = "  %-14s  %8s  %6s  %s%n";

    private PartsTable() {}

    static void print(Installation installation, Path folder, PrintWriter out) {
        out.printf(ROW, "part", "process", "port", "log");
        out.printf(ROW, "daybook", installation.pid(), installation.httpPort(), shown(Installation.log(folder)));
        installation
                .parts()
                .forEach(part -> out.printf(
                        ROW,
                        part.name(),
                        isAlive(part) ? part.pid() : "gone",
                        part.port(),
                        shown(Path.of(part.log()))));
    }

    static boolean isAlive(Installation.Part part) {
        return part.pid() < 0
                || ProcessHandle.of(part.pid()).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Relative to where the person is, if it is below. */
    private static String shown(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file).toString() : file.toString();
    }
}
