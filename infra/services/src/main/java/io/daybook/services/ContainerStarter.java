package io.daybook.services;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;

/** Starts the services in containers of the official images, set up as the child processes are. */
final class ContainerStarter implements Starter {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerStarter.class);

    private static final Image POSTGRES = Image.of("POSTGRES", "postgres:18");
    private static final Image REDIS = Image.of("REDIS", "redis:8");
    private static final Image KAFKA = Image.of("KAFKA", "apache/kafka:4.2.1");
    private static final Image ELASTICSEARCH = Image.of("ELASTICSEARCH", "elasticsearch:9.5.3");

    static final List<Image> IMAGES = List.of(POSTGRES, REDIS, KAFKA, ELASTICSEARCH);

    private static final int POSTGRES_PORT = 5432;
    private static final int REDIS_PORT = 6379;
    private static final int ELASTICSEARCH_PORT = 9200;

    private static final String POSTGRES_FOLDER = "/var/lib/postgresql";
    private static final String CLUSTER = POSTGRES_FOLDER + "/cluster";
    private static final String ACCESS_FILE = "/etc/daybook_hba.conf";

    /** The image's own does not let standbys in. */
    private static final String ACCESS = """
            local all all trust
            host all all all scram-sha-256
            host replication all all scram-sha-256
            """;

    private static final int SHARED_MEMORY_BYTES = 256 * 1024 * 1024;

    /** Makes the standby's cluster if there is none, then becomes the server; a backup that was cut short is made again. */
    private static final String STANDBY = """
            set -e
            if [ ! -e "$PGDATA/PG_VERSION" ]; then
              rm -rf "$PGDATA" "$PGDATA.unfinished"
              pg_basebackup -h %s -U %s -S %s -X stream -c fast -R -D "$PGDATA.unfinished"
              mv "$PGDATA.unfinished" "$PGDATA"
            fi
            exec "$@"
            """;

    private final DataDirectory data;
    private final Network network;

    private ContainerStarter(DataDirectory data, Network network) {
        this.data = data;
        this.network = network;
    }

    /**
     * Clears away what an earlier run has left over, and fetches the images that the engine does not have.
     *
     * @param fetching is told the names of the images that are not there yet, each time they change
     * @throws ServiceException if no Docker engine answers, or one that Testcontainers cannot work with, or if an image
     *     cannot be had
     */
    static ContainerStarter open(DataDirectory data, Consumer<Set<String>> fetching) {
        DockerClient docker = engine();
        Image.fetch(IMAGES, docker, fetching);
        Container.removeLeftOver(data, docker);
        removeLeftOverNetwork(data, docker);
        Network network = Network.builder()
                .createNetworkCmdModifier(create -> create.withName(data.id()).withLabels(Container.label(data)))
                .build();
        return new ContainerStarter(data, network);
    }

    private static DockerClient engine() {
        try {
            if (DockerClientFactory.instance().isDockerAvailable()) {
                return DockerClientFactory.instance().client();
            }
        } catch (RuntimeException e) {
            throw new ServiceException(
                    "the services were to start in Docker, and its engine answers, but Testcontainers cannot work with it: "
                            + Container.rootOf(e).getMessage()
                            + "\nIf its cleaner (Ryuk) may not run here as a privileged container, set"
                            + " TESTCONTAINERS_RYUK_CONTAINER_PRIVILEGED=false; if it may not run at all, set"
                            + " TESTCONTAINERS_RYUK_DISABLED=true, and Daybook clears away by itself at its next start",
                    e);
        }
        throw new ServiceException("the services were to start in Docker, but no Docker engine answers"
                + " at DOCKER_HOST or /var/run/docker.sock; start one ('docker info' must work for this user),"
                + " or leave out --docker: the services then start as processes, without Docker");
    }

    private static void removeLeftOverNetwork(DataDirectory data, DockerClient docker) {
        for (var network : docker.listNetworksCmd()
                .withFilter("label", List.of(Container.labelFilter(data)))
                .exec()) {
            try {
                docker.removeNetworkCmd(network.getId()).exec();
            } catch (NotFoundException e) {
                LOG.debug("network {} was removed by someone else", network.getId(), e);
            }
        }
    }

    @Override
    public PostgresServer postgres(String name) {
        return postgres(name, container -> container
                .withEnv("POSTGRES_USER", PostgresServer.USERNAME)
                .withEnv("POSTGRES_PASSWORD", data.password())
                .withEnv("POSTGRES_DB", "postgres")
                .withEnv("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C --data-checksums")
                .withCommand(postgresCommand().toArray(String[]::new)));
    }

    @Override
    public PostgresServer postgresReplica(String name, PostgresServer primary) {
        primary.makeReplicationSlot();
        String script = STANDBY.formatted(primary.name(), PostgresServer.USERNAME, PostgresServer.SLOT);
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "standby"));
        command.addAll(postgresCommand());
        return postgres(name, container -> container
                .withEnv("PGPASSWORD", data.password())
                .withCreateContainerCmdModifier(create -> create.withUser("postgres"))
                .withCommand(command.toArray(String[]::new)));
    }

    private PostgresServer postgres(String name, Consumer<GenericContainer<?>> settings) {
        int port = data.port(name);
        Container running = Container.start(name, POSTGRES, data, port, POSTGRES_PORT, POSTGRES_FOLDER, container -> {
            container
                    .withNetwork(network)
                    .withNetworkAliases(name)
                    .withSharedMemorySize((long) SHARED_MEMORY_BYTES)
                    .withEnv("PGDATA", CLUSTER)
                    .withCopyToContainer(Transferable.of(ACCESS), ACCESS_FILE);
            settings.accept(container);
        });
        return PostgresServer.whenReady(name, port, data.password(), running);
    }

    private static List<String> postgresCommand() {
        Map<String, String> settings = new HashMap<>(PostgresServer.settings());
        settings.put("listen_addresses", "*");
        settings.put("unix_socket_directories", "/var/run/postgresql");
        settings.put("hba_file", ACCESS_FILE);
        List<String> command = new ArrayList<>(List.of("postgres"));
        settings.forEach((setting, value) -> command.addAll(List.of("-c", setting + "=" + value)));
        return command;
    }

    @Override
    public RedisServer redis() {
        int port = data.port(RedisServer.NAME);
        List<String> command = new ArrayList<>(List.of("redis-server"));
        command.addAll(RedisServer.SETTINGS);
        Container running = Container.start(
                RedisServer.NAME,
                REDIS,
                data,
                port,
                REDIS_PORT,
                "/data",
                container -> container.withCommand(command.toArray(String[]::new)));
        return RedisServer.whenReady(port, running);
    }

    @Override
    public KafkaServer kafka() {
        int port = data.port(KafkaServer.NAME);
        int controllerPort = data.port(KafkaServer.NAME + "-controller");
        String folder = "/var/lib/kafka/data";
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_HEAP_OPTS", "-Xms" + KafkaServer.HEAP + " -Xmx" + KafkaServer.HEAP);
        Properties properties = properties(KafkaServer.properties(Path.of(folder), port, controllerPort));
        // The broker has the same port in the container as outside, so its address is right for itself and for clients.
        properties.setProperty("listeners", "PLAINTEXT://:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.forEach((property, value) -> environment.put(
                "KAFKA_" + property.toString().replace('.', '_').toUpperCase(Locale.ROOT), value.toString()));
        Container running = Container.start(
                KafkaServer.NAME, KAFKA, data, port, port, folder, container -> container.withEnv(environment));
        return KafkaServer.whenReady(port, running);
    }

    private static Properties properties(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ElasticsearchServer elasticsearch() {
        int port = data.port(ElasticsearchServer.NAME);
        Map<String, String> environment = Map.of(
                "cluster.name", "daybook",
                "node.name", "daybook",
                "discovery.type", "single-node",
                "cluster.routing.allocation.disk.threshold_enabled", "false",
                "xpack.security.enabled", "false",
                "xpack.ml.enabled", "false",
                "ES_JAVA_OPTS", "-Xms" + ElasticsearchServer.HEAP + " -Xmx" + ElasticsearchServer.HEAP);
        Container running = Container.start(
                ElasticsearchServer.NAME,
                ELASTICSEARCH,
                data,
                port,
                ELASTICSEARCH_PORT,
                "/usr/share/elasticsearch/data",
                container -> container.withEnv(environment));
        return ElasticsearchServer.whenReady(port, running);
    }

    @Override
    public void close() {
        network.close();
    }
}
