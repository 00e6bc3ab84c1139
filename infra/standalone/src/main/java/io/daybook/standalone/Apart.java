package io.daybook.standalone;

import io.daybook.services.Node;
import io.daybook.services.ServiceException;
import io.daybook.services.Services;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The sides as processes of their own behind an NGINX, as on other machines: each with its own class path, and the gateway with
 * the configuration that it has everywhere.
 *
 * @param commandNodes how many nodes of the command side, from 1
 * @param projectionNodes how many of the projections, from 1
 * @param queryNodes how many of the query side, from 1
 */
record Apart(int commandNodes, int projectionNodes, int queryNodes) {

    private static final List<String> JVM_OPTIONS = List.of(
            "-Xms64m",
            "-Xmx768m",
            "-XX:+UseG1GC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** Those that a machine, or a test, wants besides. */
    private static final String MORE_JVM_OPTIONS = "DAYBOOK_JAVA_OPTIONS";

    /** How long a node still answers on connections that are kept when it stops: longer than the gateway keeps them. */
    private static final String DRAIN = "6s";

    private static final String LOOPBACK = "127.0.0.1:";

    private static final Path HOME =
            Path.of(System.getProperty("daybook.home", "")).toAbsolutePath();

    /** As an argument has them: {@code --apart=2,1,2}. */
    static Apart of(String argument) {
        int[] nodes = Stream.of(argument.substring(argument.indexOf('=') + 1).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        return new Apart(nodes[0], nodes[1], nodes[2]);
    }

    /**
     * Starts all of them, the gateway last.
     *
     * @param folder the data folder, which has the libraries
     * @param port of the gateway on 127.0.0.1
     * @param properties of the sides
     * @throws ServiceException if one does not come up; the others are stopped
     */
    void start(Services services, Path folder, int port, Map<String, ?> properties) {
        Path libraries = folder.resolve("lib");
        Map<String, String> environment = new HashMap<>(environment(properties));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("DAYBOOK_MIGRATIONS_ATSTART", "false");
        environment.put("DAYBOOK_EDGE_DRAIN", DRAIN);
        List<Node.Start> commands = nodes("command-side", commandNodes, libraries, services, environment);
        List<Node.Start> projections = nodes("projections", projectionNodes, libraries, services, environment);
        List<Node.Start> queries = nodes("query-side", queryNodes, libraries, services, environment);
        services.start(
                Stream.of(commands, projections, queries).flatMap(List::stream).toList());
        services.start(List.of(gateway(services, folder, port, commands, projections, queries)));
    }

    /** Properties as variables of the environment: {@code DAYBOOK_BOOKS_JDBCURL}. */
    private static Map<String, String> environment(Map<String, ?> properties) {
        return properties.entrySet().stream()
                .collect(Collectors.toMap(
                        property -> property.getKey()
                                .toUpperCase(Locale.ROOT)
                                .replace('.', '_')
                                .replace("-", ""),
                        property -> property.getValue().toString()));
    }

    private static List<Node.Start> nodes(
            String side, int nodes, Path libraries, Services services, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(Pattern.compile("\\s+")
                .splitAsStream(System.getenv().getOrDefault(MORE_JVM_OPTIONS, ""))
                .filter(option -> !option.isEmpty())
                .toList());
        // Its manifest names the libraries that it needs, and no others.
        command.addAll(List.of("-jar", jar(libraries, side).toString()));
        return IntStream.rangeClosed(1, nodes)
                .mapToObj(number -> {
                    String name = side + "-" + number;
                    int port = services.port(name);
                    Map<String, String> own = new HashMap<>(environment);
                    own.put("SERVER_PORT", Integer.toString(port));
                    return new Node.Start(
                            name,
                            port,
                            command,
                            own,
                            "TERM",
                            URI.create("http://" + LOOPBACK + port + "/health/readiness"));
                })
                .toList();
    }

    private static Path jar(Path libraries, String side) {
        try (Stream<Path> jars = Files.list(libraries)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("daybook-" + side + "-"))
                    .findFirst()
                    .orElseThrow(() -> new ServiceException("the " + side + " is not among " + libraries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Node.Start gateway(
            Services services,
            Path folder,
            int port,
            List<Node.Start> commands,
            List<Node.Start> projections,
            List<Node.Start> queries) {
        Path rendered = folder.resolve("gateway");
        int status = services.port("gateway-status");
        render(
                rendered,
                Map.of(
                        "DAYBOOK_GATEWAY_COMMANDS", "shard-1=" + addresses(commands),
                        "DAYBOOK_GATEWAY_PROJECTIONS", addresses(projections),
                        "DAYBOOK_GATEWAY_QUERIES", "here=" + addresses(queries),
                        "DAYBOOK_GATEWAY_LISTEN", LOOPBACK + port,
                        "DAYBOOK_GATEWAY_STATUS_LISTEN", LOOPBACK + status,
                        "DAYBOOK_GATEWAY_ACCESS_LOG",
                                folder.resolve("logs/gateway-access.log").toString()));
        return new Node.Start(
                "gateway",
                port,
                List.of("nginx", "-p", rendered.toString(), "-c", "nginx.conf", "-e", "stderr"),
                path(),
                "QUIT",
                URI.create("http://" + LOOPBACK + status + "/health"));
    }

    private static String addresses(List<Node.Start> nodes) {
        return nodes.stream().map(node -> LOOPBACK + node.port()).collect(Collectors.joining(","));
    }

    /** Of whoever is not root, NGINX is not on the path. */
    private static Map<String, String> path() {
        return Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/usr/local/sbin");
    }

    private static void render(Path folder, Map<String, String> variables) {
        ProcessBuilder render =
                new ProcessBuilder("/bin/sh", HOME.resolve("nginx/render").toString(), folder.toString());
        render.environment().putAll(path());
        render.environment().putAll(variables);
        try {
            Process rendering = render.redirectErrorStream(true).start();
            rendering.getOutputStream().close();
            String told = new String(rendering.getInputStream().readAllBytes());
            if (rendering.waitFor() != 0) {
                throw new ServiceException(told.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the gateway's configuration cannot be rendered: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException("interrupted while the gateway's configuration was rendered", e);
        }
    }
}
