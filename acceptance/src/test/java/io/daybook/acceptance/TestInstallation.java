package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.installation.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An installation of its own, spoken to as a person does: by {@code ./daybook} and by HTTP. */
final class TestInstallation implements AutoCloseable {

    static final Path HOME = Path.of(System.getProperty("daybook.home"));

    /** An application that lives for minutes only is compiled for minutes: half of its processor time. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int COMMAND_TIMEOUT_MINUTES = 5;

    /** What a command printed, and how it ended. */
    record Ran(int status, String output, String errors) {

        Ran successfully() {
            assertThat(status)
                    .as("exit status; it printed:\n%s\n%s", output, errors)
                    .isZero();
            return this;
        }
    }

    private final Path data;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> damaged = ConcurrentHashMap.newKeySet();

    TestInstallation(Path data) {
        this.data = data;
        this.port = freePort();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path data() {
        return data;
    }

    int port() {
        return port;
    }

    Ran up() throws Exception {
        return daybook("up", "--detach", "--port", "" + port);
    }

    /** Runs {@code ./daybook COMMAND… --data …} and waits for its end. */
    Ran daybook(String... command) throws Exception {
        return start(command).join();
    }

    Running start(String... command) throws IOException {
        return start(line(command));
    }

    /** The same, but Ctrl-C has an effect even if whoever runs the tests has it ignored, as a job in the background does. */
    Running startInterruptibly(String... command) throws IOException {
        List<String> line = line(command);
        line.addAll(0, List.of("env", "--default-signal=INT"));
        return start(line);
    }

    /**
     * On a terminal. What is written to the process is typed there.
     *
     * @param printed gets what is shown
     */
    Process startOnTerminal(Path printed, String... command) throws IOException {
        return new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        "script",
                        "--quiet",
                        "--return",
                        "--command",
                        String.join(" ", line(command)),
                        "/dev/null")
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
    }

    private List<String> line(String... command) {
        List<String> line = new ArrayList<>(List.of(HOME.resolve("daybook").toString()));
        line.addAll(List.of(command));
        line.addAll(List.of("--data", data.toString()));
        return line;
    }

    /** Runs a command as a message tells it. */
    Ran paste(String message, String command) throws Exception {
        String line = message.lines()
                .map(String::strip)
                .filter(candidate -> candidate.startsWith(command))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no '" + command + "' in: " + message));
        return start(List.of("/bin/sh", "-c", line)).join();
    }

    private static Running start(List<String> line) throws IOException {
        Path output = Files.createTempFile("daybook", ".out");
        Path errors = Files.createTempFile("daybook", ".err");
        ProcessBuilder command = new ProcessBuilder(line)
                .directory(HOME.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        command.environment().put("DAYBOOK_JAVA_OPTIONS", QUICK_START);
        Process process = command.start();
        process.getOutputStream().close();
        return new Running(process, output, errors);
    }

    record Running(Process process, Path output, Path errors) {

        /** As Ctrl-C does. */
        void interrupt() throws Exception {
            int status = new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(status).isZero();
        }

        Ran join() throws Exception {
            if (!process.waitFor(COMMAND_TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("not done in time: " + Files.readString(output) + Files.readString(errors));
            }
            Ran ran = new Ran(process.exitValue(), Files.readString(output), Files.readString(errors));
            Files.delete(output);
            Files.delete(errors);
            return ran;
        }
    }

    Installation facts() {
        return Installation.read(data).orElseThrow();
    }

    int port(String part) {
        return facts().parts().stream()
                .filter(candidate -> candidate.name().equals(part))
                .findFirst()
                .orElseThrow()
                .port();
    }

    Connection postgres(String part) throws SQLException {
        try {
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + port(part) + "/daybook",
                    "daybook",
                    Files.readString(data.resolve("password")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        return sendTo(port, method, path, body, headers);
    }

    HttpResponse<String> sendTo(int toPort, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + toPort + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        } else {
            request.header("Content-Type", "application/json");
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    JsonNode get(String path, String... headers) {
        HttpResponse<String> answer = headers.length == 0
                ? send("GET", path, "", "Accept", "application/json")
                : send("GET", path, "", headers);
        assertThat(answer.statusCode()).as("GET %s: %s", path, answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** A test damages what is stored of this ledger, on purpose: only of such ledgers may a verification find anything. */
    void damages(String ledger) {
        damaged.add(ledger);
    }

    /** Takes it down, and fails if history is not as it was recorded, but for what was damaged on purpose. */
    @Override
    public void close() {
        try {
            boolean isUp = Installation.read(data).filter(Installation::isAlive).isPresent();
            Ran verified = daybook("verify");
            daybook("down").successfully();
            if (isUp) {
                assertRight(verified);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            http.close();
        }
    }

    private void assertRight(Ran verified) {
        assertThat(verified.output()).as(verified.errors()).contains(" ledgers verified: ");
        assertThat(verified.output().lines().filter(line -> line.startsWith("WRONG")))
                .as("what is wrong and was not damaged by a test")
                .allMatch(this::isOfDamaged);
    }

    /** Of a ledger that was damaged, or of the journal that has lost something with it. */
    private boolean isOfDamaged(String finding) {
        return damaged.stream().anyMatch(ledger -> finding.startsWith("WRONG  ledger " + ledger + ": "))
                || !damaged.isEmpty() && finding.startsWith("WRONG  the journal in the event store ends at position ");
    }
}
