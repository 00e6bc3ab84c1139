package io.daybook.cli.lifecycle;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.AotCache;
import io.daybook.installation.Installation;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The standalone application as a process of its own, which goes on when the command that started it ends. */
final class Application {

    private static final String MAIN_CLASS = "io.daybook.standalone.Standalone";
    private static final String MIGRATION_CLASS = "io.daybook.standalone.Migration";
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xms256m",
            "-Xmx1g",
            "-XX:+UseG1GC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** An environment variable. */
    private static final String MORE_JVM_OPTIONS = "DAYBOOK_JAVA_OPTIONS";

    private static final int LAST_LINES = 15;

    private static final Path HOME =
            Path.of(System.getProperty("daybook.home", "")).toAbsolutePath();

    private static final Path BUILT = HOME.resolve("infra/standalone/target");

    private Application() {}

    /** Those that a machine, or a test, wants besides; of two that contradict each other the later counts. */
    private static List<String> moreOptions() {
        return Pattern.compile("\\s+")
                .splitAsStream(System.getenv().getOrDefault(MORE_JVM_OPTIONS, ""))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    /**
     * @param how further arguments of the process
     */
    static Process start(Path folder, int port, List<String> how) {
        Path log = Installation.log(folder);
        // The cache knows where it was made, and whatever uses it looks there, too: it is made where the build put the
        // libraries.
        Path libraries = AotCache.isTraining() ? BUILT.resolve("lib") : linksToLibraries(folder);
        List<String> command = new ArrayList<>();
        // A session of its own, so that Ctrl-C on the command that starts it does not reach it.
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(AotCache.options(BUILT));
        command.addAll(moreOptions());
        command.add("-Ddaybook.home=" + HOME);
        command.addAll(List.of("@" + classPath(folder, libraries), MAIN_CLASS));
        command.addAll(List.of(folder.toString(), Integer.toString(port)));
        command.addAll(how);
        try {
            Files.createDirectories(log.getParent());
            return new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("the application cannot be started: " + e.getMessage(), e);
        }
    }

    /**
     * Brings the schemas of an installation's databases to the present form, in a process that tells what it does where this one
     * does.
     *
     * @return its exit status
     */
    static int migrate(Path folder) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", HOME.resolve("infra/standalone/target/lib") + "/*", MIGRATION_CLASS));
        command.add(folder.toString());
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("the migrations cannot be started: " + e.getMessage(), e);
        }
    }

    /**
     * The application runs from links of its own, or copies: the next build deletes what is in its place, and makes other
     * files, and a JVM does not survive that.
     */
    private static Path linksToLibraries(Path folder) {
        Path links = folder.resolve("lib");
        try {
            Files.createDirectories(links);
            try (Stream<Path> old = Files.list(links)) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
            try (Stream<Path> built = Files.list(BUILT.resolve("lib"))) {
                for (Path library : built.toList()) {
                    link(links.resolve(library.getFileName()), library);
                }
            }
            return links;
        } catch (IOException e) {
            throw new UncheckedIOException("the application cannot be put into " + links + ": " + e.getMessage(), e);
        }
    }

    private static void link(Path link, Path library) throws IOException {
        try {
            Files.createLink(link, library);
        } catch (UnsupportedOperationException | FileSystemException elsewhere) {
            Files.copy(library, link, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** A file of arguments with the class path, in an order that is always the same. */
    private static Path classPath(Path folder, Path libraries) {
        try (Stream<Path> there = Files.list(libraries)) {
            String path = there.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
            return Files.writeString(
                    folder.resolve("class-path"),
                    "-cp \"" + path.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the class path cannot be written to " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * @throws CommandFailed if the port is taken
     */
    static void requireFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException e) {
            throw new CommandFailed(
                    "Port " + port + " on 127.0.0.1 is taken.\n" + "Choose another with --port, or stop what uses it.");
        }
    }

    /** The end of its log, for a message about why it failed. */
    static String lastLines(Path folder) {
        try {
            List<String> lines = Files.readAllLines(Installation.log(folder));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "(it wrote no log)";
        }
    }
}
