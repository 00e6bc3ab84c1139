package io.daybook.services;

import io.daybook.services.DataDirectory.Home;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All backing services of an installation: PostgreSQL for the event store, PostgreSQL for the books with a hot standby,
 * Redis, Kafka and Elasticsearch. They start side by side and stop in order. One that ends by itself is started again. If
 * this process ends, however it ends, they stop too.
 */
public final class Services implements AutoCloseable {

    private static final String EVENT_STORE = "event-store";
    private static final String BOOKS = "books";
    private static final String BOOKS_REPLICA = "books-replica";

    /** The name of the database in each PostgreSQL server. */
    public static final String DATABASE = "daybook";

    private final DataDirectory data;
    private final Starter starter;
    private final Supervisor supervisor;
    private final PostgresServer eventStore;
    private final PostgresServer books;
    private final PostgresServer booksReplica;
    private final RedisServer redis;
    private final KafkaServer kafka;
    private final ElasticsearchServer elasticsearch;
    private final Consumer<Service> whenReady;
    private final List<List<Node>> nodes = new ArrayList<>();

    private Services(
            DataDirectory data,
            Starter starter,
            Supervisor supervisor,
            PostgresServer eventStore,
            PostgresServer books,
            PostgresServer booksReplica,
            RedisServer redis,
            KafkaServer kafka,
            ElasticsearchServer elasticsearch,
            Consumer<Service> whenReady) {
        this.data = data;
        this.starter = starter;
        this.supervisor = supervisor;
        this.eventStore = eventStore;
        this.books = books;
        this.booksReplica = booksReplica;
        this.redis = redis;
        this.kafka = kafka;
        this.elasticsearch = elasticsearch;
        this.whenReady = whenReady;
    }

    /**
     * Starts all services as child processes and waits until each answers.
     *
     * @param directory where their data and logs are, or will be
     * @param whenReady is told of each service as soon as it answers, and each time it was started again, on any thread
     * @throws ServiceException if the directory's data are in Docker volumes, or if a service cannot be started; the others
     *     are stopped again
     */
    public static Services start(Path directory, Consumer<Service> whenReady) {
        return start(directory, Home.PROCESSES, data -> new ProcessStarter(data, Binaries.ofProject()), whenReady);
    }

    /**
     * Starts all services in containers of the official images and waits until each answers. The environment variables
     * {@code DAYBOOK_IMAGE_POSTGRES}, {@code _REDIS}, {@code _KAFKA} and {@code _ELASTICSEARCH} name other images. The
     * engine must be on this machine: ports are bound to 127.0.0.1.
     *
     * <p>If this process is killed, Testcontainers' cleaner (Ryuk) removes the containers; if it is disabled, the next start
     * of the same directory does, and at an ordinary end Testcontainers may kill them before the application has closed its
     * connections. What is committed stays in any case.
     *
     * @param directory where their logs are, or will be; their data are in volumes of the engine whose names begin with
     *     what is in its file {@code id}, apart from those of {@link #start}
     * @param fetching is told, on any thread, the names of the images that are not there yet, each time they change
     * @param whenReady is told of each service as soon as it answers, on any thread
     * @throws ServiceException if no Docker engine answers, if an image cannot be had, if the directory's data are those of
     *     child processes, or if a service cannot be started; the others are stopped again
     */
    public static Services startInDocker(Path directory, Consumer<Set<String>> fetching, Consumer<Service> whenReady) {
        return start(directory, Home.CONTAINERS, data -> ContainerStarter.open(data, fetching), whenReady);
    }

    private static Services start(
            Path directory, Home home, Function<DataDirectory, Starter> starting, Consumer<Service> whenReady) {
        DataDirectory data = DataDirectory.open(directory);
        try {
            data.requireNoDataElsewhere(home);
            Services services = start(data, starting.apply(data), whenReady);
            data.remember(home);
            return services;
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static Services start(DataDirectory data, Starter starter, Consumer<Service> whenReady) {
        List<AutoCloseable> started = Collections.synchronizedList(new ArrayList<>());
        Supervisor supervisor = new Supervisor(whenReady);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Parallel parallel = new Parallel(executor, started, supervisor, whenReady);
            var elasticsearch = parallel.start(starter::elasticsearch);
            var kafka = parallel.start(starter::kafka);
            var eventStore = parallel.start(() -> starter.postgres(EVENT_STORE), Services::makeDatabase);
            var books = parallel.start(() -> starter.postgres(BOOKS), Services::makeDatabase);
            var replica = parallel.start(() -> starter.postgresReplica(BOOKS_REPLICA, books.join()));
            var redis = parallel.start(starter::redis);
            CompletableFuture.allOf(elasticsearch, kafka, eventStore, books, replica, redis)
                    .join();
            return new Services(
                    data,
                    starter,
                    supervisor,
                    eventStore.join(),
                    books.join(),
                    replica.join(),
                    redis.join(),
                    kafka.join(),
                    elasticsearch.join(),
                    whenReady);
        } catch (CompletionException e) {
            supervisor.close();
            started.reversed().forEach(Services::closeQuietly);
            starter.close();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private record Parallel(
            ExecutorService executor, List<AutoCloseable> started, Supervisor supervisor, Consumer<Service> whenReady) {

        <T extends ProcessService> CompletableFuture<T> start(Supplier<T> starting) {
            return start(starting, service -> {});
        }

        /**
         * @param first what is done with it before others may use it
         */
        <T extends ProcessService> CompletableFuture<T> start(Supplier<T> starting, Consumer<T> first) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        T service = starting.get();
                        started.add(service);
                        first.accept(service);
                        supervisor.keep(service, starting);
                        whenReady.accept(service);
                        return service;
                    },
                    executor);
        }
    }

    private static void makeDatabase(PostgresServer server) {
        server.createDatabase(DATABASE);
    }

    private static void closeAll(List<? extends AutoCloseable> services) {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(service -> executor.submit(() -> closeQuietly(service)));
        }
    }

    private static void closeQuietly(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            throw new IllegalStateException("closing a service throws nothing", e);
        }
    }

    public PostgresServer eventStore() {
        return eventStore;
    }

    public PostgresServer books() {
        return books;
    }

    /** The hot standby of {@link #books()}. */
    public PostgresServer booksReplica() {
        return booksReplica;
    }

    public RedisServer redis() {
        return redis;
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public ElasticsearchServer elasticsearch() {
        return elasticsearch;
    }

    public List<Service> all() {
        return List.of(eventStore, books, booksReplica, redis, kafka, elasticsearch);
    }

    /** The port on 127.0.0.1 that a node of this name has had before, if it is free, or will have from now on. */
    public int port(String node) {
        return data.port(node);
    }

    /**
     * Starts nodes of Daybook beside the services, side by side, and waits until each is of use. They are watched as the services
     * are, and stop before them; what was started last stops first.
     *
     * @throws ServiceException if one cannot be started; the others are stopped again
     */
    public void start(List<Node.Start> group) {
        List<AutoCloseable> started = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Parallel parallel = new Parallel(executor, started, supervisor, whenReady);
            List<CompletableFuture<Node>> starting = group.stream()
                    .map(start -> parallel.start(() -> Node.start(start, data)))
                    .toList();
            CompletableFuture.allOf(starting.toArray(CompletableFuture<?>[]::new))
                    .join();
            nodes.add(starting.stream().map(CompletableFuture::join).toList());
        } catch (CompletionException e) {
            supervisor.close();
            closeAll(List.copyOf(started));
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** What an application must know of them, as its {@code daybook.*} properties. */
    public Map<String, String> asProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("daybook.event-store.jdbc-url", eventStore.jdbcUrl(DATABASE));
        properties.put("daybook.event-store.username", PostgresServer.USERNAME);
        properties.put("daybook.event-store.password", eventStore.password());
        properties.put("daybook.books.jdbc-url", books.jdbcUrl(DATABASE));
        properties.put("daybook.books.username", PostgresServer.USERNAME);
        properties.put("daybook.books.password", books.password());
        properties.put("daybook.books.replica-jdbc-urls", booksReplica.jdbcUrl(DATABASE));
        properties.put("daybook.kafka.bootstrap-servers", kafka.bootstrapServers());
        properties.put("daybook.redis.uri", redis.uri(0));
        properties.put("daybook.elasticsearch.uri", elasticsearch.uri());
        return properties;
    }

    /** Stops what depends on others first, and waits until all are gone. */
    @Override
    public void close() {
        supervisor.close();
        nodes.reversed().forEach(Services::closeAll);
        booksReplica.close();
        closeAll(List.of(elasticsearch, kafka, redis, books, eventStore));
        starter.close();
        data.close();
    }
}
