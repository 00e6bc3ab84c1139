package io.daybook.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/**
 * The backing services of a whole build. The first test that needs them starts a process that holds them; the tests of
 * other modules find it; it ends when the build ends. Each test takes an {@link Isolated} part of them.
 */
public final class SharedServices {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private final Properties facts;
    private final Path directory;

    private SharedServices(Properties facts, Path directory) {
        this.facts = facts;
        this.directory = directory;
    }

    /**
     * Databases, topics, keys and indices that no other test uses.
     *
     * @param properties what an application must know of them, as its {@code daybook.*} properties
     */
    public record Isolated(Map<String, String> properties) {

        public String get(String property) {
            String value = properties.get(property);
            if (value == null) {
                throw new IllegalArgumentException("there is no property " + property);
            }
            return value;
        }
    }

    /** The services of this build; they are started if they are not there yet. */
    public static synchronized SharedServices get() {
        ProcessHandle build = build();
        Path directory = Binaries.projectRoot().resolve("target/services-" + build.pid());
        try {
            Files.createDirectories(directory);
            try (FileChannel file = FileChannel.open(
                    directory.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.lock(); // until it is closed
                Path facts = directory.resolve(SharedServicesHost.FACTS);
                if (!Files.exists(facts)) {
                    startHost(directory, build);
                }
                Properties properties = new Properties();
                try (var in = Files.newBufferedReader(facts)) {
                    properties.load(in);
                }
                return new SharedServices(properties, directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Maven's process, of which test processes are children; in an IDE whatever process started the test. */
    private static ProcessHandle build() {
        ProcessHandle self = ProcessHandle.current();
        ProcessHandle nearest = self.parent().orElse(self);
        for (ProcessHandle ancestor = nearest; ; ancestor = ancestor.parent().orElseThrow()) {
            if (ancestor.info()
                    .command()
                    .filter(command -> command.endsWith("/java"))
                    .isPresent()) {
                return ancestor;
            }
            if (ancestor.parent().isEmpty()) {
                return nearest;
            }
        }
    }

    private static void startHost(Path directory, ProcessHandle build) throws IOException {
        Path log = directory.resolve("host.log");
        Process host = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Ddaybook.home=" + Binaries.projectRoot(),
                        "-cp",
                        classPath(),
                        SharedServicesHost.class.getName(),
                        directory.toString(),
                        Long.toString(build.pid()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        host.getOutputStream().close();
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        while (!Files.exists(directory.resolve(SharedServicesHost.FACTS))) {
            if (!host.isAlive() || Instant.now().isAfter(deadline)) {
                host.destroy();
                throw new ServiceException("the build's services did not start:\n" + Files.readString(log));
            }
            try {
                Thread.sleep(INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ServiceException("interrupted while the build's services were starting", e);
            }
        }
    }

    /** Surefire's class path is in a manifest; this property has it in full. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** A part of the services that no other test uses. */
    public Isolated isolated() {
        String name = "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        Map<String, String> properties = new LinkedHashMap<>();
        facts.stringPropertyNames().forEach(property -> properties.put(property, facts.getProperty(property)));
        for (String property : List.of("daybook.event-store.jdbc-url", "daybook.books.jdbc-url")) {
            createDatabase(facts.getProperty(property), name);
        }
        properties.replaceAll((property, value) ->
                property.contains("jdbc-url") ? value.substring(0, value.lastIndexOf('/') + 1) + name : value);
        String redis = facts.getProperty("daybook.redis.uri");
        properties.put("daybook.redis.uri", redis.substring(0, redis.lastIndexOf('/') + 1) + nextRedisDatabase());
        properties.put("daybook.kafka.topic-prefix", name);
        properties.put("daybook.elasticsearch.index-prefix", name);
        return new Isolated(Map.copyOf(properties));
    }

    private void createDatabase(String url, String name) {
        try (Connection connection = DriverManager.getConnection(
                        url, facts.getProperty("daybook.books.username"), facts.getProperty("daybook.books.password"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database \"" + name + "\"");
        } catch (SQLException e) {
            throw new ServiceException("database " + name + " cannot be made: " + e.getMessage(), e);
        }
    }

    private int nextRedisDatabase() {
        Path counter = directory.resolve("redis-database");
        synchronized (SharedServices.class) { // A lock of the file is one of the process.
            try (FileChannel file = FileChannel.open(
                    directory.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.lock(); // until it is closed
                // The first one is nobody's.
                int next = Files.exists(counter) ? Integer.parseInt(Files.readString(counter)) + 1 : 1;
                if (next >= RedisServer.DATABASES) {
                    throw new ServiceException(
                            "all " + RedisServer.DATABASES + " databases of the build's Redis are taken");
                }
                Files.writeString(counter, Integer.toString(next));
                return next;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
