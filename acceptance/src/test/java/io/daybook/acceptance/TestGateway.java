package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The gateway with a configuration of its own, before peers of a test. */
final class TestGateway implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1:";

    private final Path folder;
    private final int port = freePort();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Process nginx;

    TestGateway(Path folder, Map<String, String> variables) throws Exception {
        this(folder, variables, configuration -> configuration);
    }

    /**
     * @param folder where it is rendered into
     * @param variables without their prefix; where it listens is chosen here if it is not given
     * @param change of the places, where a test cannot wait for as long as they do
     */
    TestGateway(Path folder, Map<String, String> variables, UnaryOperator<String> change) throws Exception {
        this.folder = folder;
        int status = freePort();
        Map<String, String> all = new HashMap<>(Map.of(
                "LISTEN", LOOPBACK + port,
                "STATUS_LISTEN", LOOPBACK + status,
                "ACCESS_LOG", accessLog().toString()));
        all.putAll(variables);
        render(folder, all);
        for (String file : List.of("gateway.conf", "command.conf")) {
            Files.writeString(folder.resolve(file), change.apply(Files.readString(folder.resolve(file))));
        }
        test(folder);
        nginx = new ProcessBuilder(nginx(folder))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("error.log").toFile())
                .start();
        await().ignoreExceptions().until(() -> {
            assertThat(nginx.isAlive())
                    .as(Files.readString(folder.resolve("error.log")))
                    .isTrue();
            return send(URI.create("http://" + LOOPBACK + status + "/health"), "GET", "")
                            .statusCode()
                    == 200;
        });
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Renders the configuration, as every home does. */
    static void render(Path folder, Map<String, String> variables) throws Exception {
        ProcessBuilder render = new ProcessBuilder(
                "/bin/sh", TestInstallation.HOME.resolve("nginx/render").toString(), folder.toString());
        variables.forEach((name, value) -> render.environment().put("DAYBOOK_GATEWAY_" + name, value));
        run(render, "render");
    }

    /** Has NGINX read a configuration, without running it. */
    static void test(Path folder) throws Exception {
        List<String> line = new ArrayList<>(nginx(folder));
        line.add("-t");
        run(new ProcessBuilder(line), "nginx -t");
    }

    private static List<String> nginx(Path folder) {
        return List.of("/usr/sbin/nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", "stderr");
    }

    private static void run(ProcessBuilder command, String what) throws Exception {
        command.environment().merge("PATH", "/usr/sbin", (path, more) -> path + ":" + more);
        Process process = command.redirectErrorStream(true).start();
        String told = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s: %s", what, told).isZero();
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        return send(URI.create("http://" + LOOPBACK + port + path), method, body, headers);
    }

    private HttpResponse<String> send(URI address, String method, String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Which peer answers. */
    String answers(String method, String path) throws Exception {
        return send(method, path, "").headers().firstValue("Peer").orElse("nobody");
    }

    int port() {
        return port;
    }

    Path accessLog() {
        return folder.resolve("access.log");
    }

    @Override
    public void close() throws IOException {
        http.close();
        nginx.destroy();
        try {
            if (!nginx.waitFor(10, TimeUnit.SECONDS)) {
                nginx.destroyForcibly();
                throw new AssertionError("the gateway did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
