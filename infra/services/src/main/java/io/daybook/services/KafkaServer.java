package io.daybook.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** A Kafka broker that is its own controller (KRaft). */
public final class KafkaServer extends ProcessService {

    static final String NAME = "kafka";
    static final String HEAP = "400m";
    private static final List<String> OPTIONS =
            List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true");

    private final Runnable whenClosed;

    private KafkaServer(int port, Running running, Runnable whenClosed) {
        super(NAME, port, running);
        this.whenClosed = whenClosed;
    }

    /**
     * Starts a broker without the other services.
     *
     * @param directory where its data and log are, or will be; if they are there already, it takes its old port again
     * @throws ServiceException if it cannot be started, or another process uses the directory
     */
    public static KafkaServer start(Path directory) {
        DataDirectory data = DataDirectory.open(directory);
        try {
            return start(data, Binaries.ofProject(), data::close);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** Starts a broker in a directory that is closed by whoever opened it. */
    static KafkaServer start(DataDirectory data, Binaries binaries) {
        return start(data, binaries, () -> {});
    }

    private static KafkaServer start(DataDirectory data, Binaries binaries, Runnable whenClosed) {
        int port = data.port(NAME);
        Path folder = data.of(NAME);
        Path properties = folder.resolve("server.properties");
        String classPath = binaries.kafka().resolve("lib") + "/*";
        try {
            Files.createDirectories(folder);
            Files.writeString(properties, properties(folder, port, data.port(NAME + "-controller")));
            if (!Files.exists(folder.resolve("log/meta.properties"))) {
                format(properties, binaries, classPath, data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command =
                new ArrayList<>(JavaServer.server(binaries.kafka(), HEAP, OPTIONS, classPath, "kafka.Kafka"));
        command.add(properties.toString());
        ChildProcess process = ChildProcess.start(NAME, data, "TERM", command, Map.of());
        return whenReady(port, process, whenClosed);
    }

    /** The broker, as soon as it answers on this port; if it does not, it is stopped. */
    static KafkaServer whenReady(int port, Running running) {
        return whenReady(port, running, () -> {});
    }

    private static KafkaServer whenReady(int port, Running running, Runnable whenClosed) {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + port,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200))) {
            Await.ready(NAME, running, () -> admin.describeCluster().nodes().get(2, TimeUnit.SECONDS));
            return new KafkaServer(port, running, whenClosed);
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
    }

    static String properties(Path folder, int port, int controllerPort) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                auto.create.topics.enable=false
                default.replication.factor=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                log.segment.bytes=134217728
                """.formatted(port, controllerPort, folder.resolve("log"));
    }

    private static void format(Path properties, Binaries binaries, String classPath, DataDirectory data)
            throws IOException {
        UUID uuid = UUID.randomUUID();
        String clusterId = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array());
        List<String> command = new ArrayList<>(
                JavaServer.tool(binaries.kafka(), "128m", OPTIONS, classPath, "kafka.tools.StorageTool"));
        command.addAll(
                List.of("format", "--ignore-formatted", "--cluster-id=" + clusterId, "-c", properties.toString()));
        try {
            Process format = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(data.log(NAME).toFile())
                    .start();
            if (!format.waitFor(60, TimeUnit.SECONDS) || format.exitValue() != 0) {
                throw new ServiceException("Kafka's storage cannot be formatted; see " + data.log(NAME) + ":\n"
                        + Files.readString(data.log(NAME)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException("interrupted while formatting Kafka's storage", e);
        }
    }

    @Override
    public void close() {
        super.close();
        whenClosed.run();
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port();
    }
}
