package io.daybook.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A single Elasticsearch node. */
public final class ElasticsearchServer extends ProcessService {

    static final String NAME = "elasticsearch";
    static final String HEAP = "512m";

    private ElasticsearchServer(int port, Running running) {
        super(NAME, port, running);
    }

    static ElasticsearchServer start(DataDirectory data, Binaries binaries) {
        int port = data.port(NAME);
        Path home = data.of(NAME);
        Path distribution = binaries.elasticsearch();
        configure(home, distribution, port, data.port(NAME + "-transport"));
        List<String> options = List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Des.path.home=" + home,
                "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false");
        String classPath = distribution.resolve("lib") + "/*";
        List<String> command = new ArrayList<>(JavaServer.server(
                distribution, HEAP, options, classPath, "io.daybook.services.elasticsearch.ElasticsearchNode"));
        command.add(home.toString());
        ChildProcess process = ChildProcess.start(NAME, data, "TERM", command, Map.of());
        return whenReady(port, process);
    }

    /** The node, as soon as it answers on this port; if it does not, it is stopped. */
    static ElasticsearchServer whenReady(int port, Running running) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest health = HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + port + "/_cluster/health?wait_for_status=yellow&timeout=1s"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            Await.ready(NAME, running, () -> {
                int status = http.send(health, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status != 200) {
                    throw new IOException("its health is answered with " + status);
                }
            });
            return new ElasticsearchServer(port, running);
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
    }

    private static void configure(Path home, Path distribution, int port, int transportPort) {
        try {
            for (String folder : List.of("config", "plugins", "data", "logs")) {
                Files.createDirectories(home.resolve(folder));
            }
            Path modules = home.resolve("modules");
            Files.deleteIfExists(modules);
            Files.createSymbolicLink(modules, distribution.resolve("modules"));
            Files.writeString(home.resolve("config/elasticsearch.yml"), """
                    cluster.name: daybook
                    node.name: daybook
                    discovery.type: single-node
                    network.host: 127.0.0.1
                    http.port: %d
                    transport.port: %d
                    cluster.routing.allocation.disk.threshold_enabled: false
                    # What the serial collector has not collected yet would be taken for what is in use, and refused.
                    indices.breaker.total.use_real_memory: false
                    """.formatted(port, transportPort));
            Files.writeString(home.resolve("config/log4j2.properties"), """
                    status = error
                    appender.console.type = Console
                    appender.console.name = console
                    appender.console.layout.type = PatternLayout
                    appender.console.layout.pattern = %d{ISO8601} %-5p %c{1.} %m%n
                    rootLogger.level = warn
                    rootLogger.appenderRef.console.ref = console
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String uri() {
        return "http://127.0.0.1:" + port();
    }
}
