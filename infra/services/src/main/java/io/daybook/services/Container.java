package io.daybook.services;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A service in a container. Its data are in a named volume of the engine, which outlives the container; its output goes to
 * the service's log. The container's name is the data directory's own, so no two can ever use the same data.
 */
final class Container implements Running {

    private static final Logger LOG = LoggerFactory.getLogger(Container.class);

    private static final String LABEL = "io.daybook.installation";
    private static final int GRACE_SECONDS = 30;
    private static final Duration REMOVAL_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration REMOVAL_INTERVAL = Duration.ofMillis(200);

    private final String name;
    private final String nameInEngine;
    private final GenericContainer<?> container;
    private final OutputStream output;
    private final Path log;

    private Container(String name, String nameInEngine, GenericContainer<?> container, OutputStream output, Path log) {
        this.name = name;
        this.nameInEngine = nameInEngine;
        this.container = container;
        this.output = output;
        this.log = log;
    }

    /**
     * Starts a container.
     *
     * @param port on 127.0.0.1
     * @param innerPort the service's port in the container
     * @param folder of the service's data in the container
     * @param settings gives the container its environment, command and so on
     * @throws ServiceException if it does not start
     */
    static Container start(
            String name,
            Image image,
            DataDirectory data,
            int port,
            int innerPort,
            String folder,
            Consumer<GenericContainer<?>> settings) {
        Path log = data.log(name);
        String nameInEngine = nameInEngine(data, name);
        OutputStream output = append(log);
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image.name()))
                .withExposedPorts(innerPort)
                .withLogConsumer(frame -> write(frame, output, log))
                .withCreateContainerCmdModifier(create -> {
                    create.withName(nameInEngine).withLabels(label(data));
                    create.getHostConfig()
                            // As a supervisor does for child processes; what is stopped on purpose stays so.
                            .withRestartPolicy(RestartPolicy.onFailureRestart(0))
                            .withBinds(new Bind(nameInEngine, new Volume(folder)))
                            .withPortBindings(new PortBinding(
                                    Ports.Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(innerPort)));
                })
                .waitingFor(new AbstractWaitStrategy() {
                    @Override
                    protected void waitUntilReady() {
                        // The same probes as for child processes are used instead.
                    }
                });
        settings.accept(container);
        Container started = new Container(name, nameInEngine, container, output, log);
        try {
            container.start();
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw new ServiceException(
                    name + " cannot be started in Docker from image " + image.name() + ": "
                            + rootOf(e).getMessage()
                            + "\nThe end of " + log + ":\n" + started.lastLines(),
                    e);
        }
    }

    static String labelFilter(DataDirectory data) {
        return LABEL + "=" + data.id();
    }

    private static String nameInEngine(DataDirectory data, String service) {
        return data.id() + "-" + service;
    }

    /** By it an installation finds what it has in the engine, when it was killed and comes up again. */
    static Map<String, String> label(DataDirectory data) {
        return new HashMap<>(Map.of(LABEL, data.id())); // Testcontainers adds its own
    }

    static Throwable rootOf(Throwable e) {
        return e.getCause() == null ? e : rootOf(e.getCause());
    }

    private static OutputStream append(Path log) {
        try {
            return Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(OutputFrame frame, OutputStream output, Path log) {
        byte[] bytes = frame.getBytes();
        try {
            if (bytes != null) {
                output.write(bytes);
            }
        } catch (IOException e) {
            LOG.debug("a line for {} came after its end", log, e);
        }
    }

    /** Stops and removes what an earlier run of this data directory has left over, and waits until it is gone. */
    static void removeLeftOver(DataDirectory data, DockerClient docker) {
        Instant deadline = Instant.now().plus(REMOVAL_TIMEOUT);
        while (true) {
            var leftOver = docker.listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(label(data))
                    .exec();
            if (leftOver.isEmpty()) {
                return;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new ServiceException(
                        "containers of an earlier run cannot be removed; see 'docker ps --all --filter label="
                                + labelFilter(data) + "'");
            }
            leftOver.forEach(container -> remove(container.getId(), docker));
            pause();
        }
    }

    private static void remove(String id, DockerClient docker) {
        try {
            stop(id, docker);
            docker.removeContainerCmd(id).withForce(true).exec();
        } catch (NotFoundException | ConflictException e) {
            LOG.debug("container {} is being removed by someone else", id, e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(REMOVAL_INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException("interrupted while containers of an earlier run were removed", e);
        }
    }

    private static void stop(String id, DockerClient docker) {
        try {
            docker.stopContainerCmd(id).withTimeout(GRACE_SECONDS).exec();
        } catch (NotModifiedException e) {
            LOG.debug("container {} has stopped already", id, e);
        }
    }

    @Override
    public boolean isAlive() {
        return container.isRunning();
    }

    @Override
    public long pid() {
        return -1;
    }

    @Override
    public String container() {
        return nameInEngine;
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public void close() {
        try (output) {
            if (container.getContainerId() != null) {
                stop(container.getContainerId(), DockerClientFactory.instance().client());
            }
            container.stop();
        } catch (IOException | DockerException e) {
            LOG.warn("{} may not have stopped", name, e);
        }
    }
}
