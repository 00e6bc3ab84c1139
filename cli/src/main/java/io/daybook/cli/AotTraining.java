package io.daybook.cli;

import io.daybook.cli.terminal.CommandFailed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine;

/**
 * What the build lets every program of an installation do once, so that their caches know it: an installation is brought
 * up, takes the beginning of the sample, is asked, and is taken down.
 *
 * @see io.daybook.installation.AotCache
 */
final class AotTraining {

    /** Of the sample; so many that what is done for each is compiled. */
    private static final int LINES = 3_000;

    private static final int PATIENCE = 4;

    private AotTraining() {}

    /** Arguments: a folder for the installation; what is in it is deleted, before and after. */
    public static void main(String[] arguments) throws IOException {
        Daybook.configureLogging();
        PrintStream err = System.err;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        System.setErr(System.out);
        try {
            useEverything(Path.of(arguments[0]));
        } catch (CommandFailed e) {
            err.println(e.getMessage());
            err.println("So not all programs have a cache; all works as well, and starts later.");
            System.exit(CommandLine.ExitCode.SOFTWARE);
        }
        System.exit(CommandLine.ExitCode.OK);
    }

    private static void useEverything(Path folder) throws IOException {
        delete(folder);
        Files.createDirectories(folder);
        Path sample = folder.resolve("sample.csv");
        writeBeginning(sample);
        String data = folder.toString();
        run("--help");
        run("up", "--detach", "--data", data, "--port", Integer.toString(freePort()));
        try {
            run("import", "berka", sample.toString(), "--ledger", "training", "--data", data);
            run("status", "--data", data);
            run("projections", "--data", data);
            run("events", "search", "accounts", "--data", data);
            run(
                    "export",
                    "--ledger",
                    "training",
                    "--format",
                    "hledger",
                    "-o",
                    folder.resolve("journal").toString(),
                    "--data",
                    data);
            run("verify", "--data", data);
        } finally {
            takeDown(data);
        }
        delete(folder);
    }

    /** It makes its cache when it ends, which takes a busy machine longer than 'down' waits. */
    private static void takeDown(String data) {
        for (int i = 1; i < PATIENCE; i++) {
            try {
                run("down", "--data", data);
                return;
            } catch (CommandFailed notYet) {
                // Once more.
            }
        }
        run("down", "--data", data);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(folder)) { // not where links lead
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void writeBeginning(Path file) throws IOException {
        Path sample = Path.of(System.getProperty("daybook.home", ""), "samples", "berka-1993.csv.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(sample)), StandardCharsets.UTF_8))) {
            Files.write(file, lines.lines().limit(LINES).toList());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void run(String... arguments) {
        StringWriter written = new StringWriter();
        PrintWriter out = new PrintWriter(written, true);
        int status = Daybook.commandLine().setOut(out).setErr(out).execute(arguments);
        if (status != CommandLine.ExitCode.OK) {
            throw new CommandFailed("'daybook " + String.join(" ", arguments) + "' ended with " + status
                    + ", as the build ran it to make its caches:\n" + written);
        }
    }
}
