package io.daybook.standalone;

import io.daybook.installation.Installation;
import io.daybook.installation.Stores;
import io.daybook.services.Service;
import io.daybook.services.ServiceException;
import io.daybook.services.Services;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;

/**
 * The process behind {@code daybook up}: it starts the backing services, then the application, in this process or {@link Apart},
 * and stops all in order.
 */
public final class Standalone {

    private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);

    private final Path folder;
    private final int port;
    private final boolean docker;
    private final @Nullable Apart apart;
    private Set<String> fetching = Set.of();
    private boolean everythingIsReady;
    private final List<Installation.Part> ready = new ArrayList<>();

    private Standalone(Path folder, int port, boolean docker, @Nullable Apart apart) {
        this.folder = folder;
        this.port = port;
        this.docker = docker;
        this.apart = apart;
    }

    /**
     * Arguments: the data folder, the port for HTTP, {@code --docker} if the services are to run in containers, and
     * {@code --apart=2,1,2} if the sides are to be processes, so many of the command side, the projections and the query side.
     */
    public static void main(String[] arguments) {
        // Until the application has configured logging, what libraries have to say is of no use to anyone.
        LoggingSystem.get(Standalone.class.getClassLoader()).beforeInitialize();
        boolean docker = List.of(arguments).contains("--docker");
        try {
            Apart apart = Stream.of(arguments)
                    .filter(argument -> argument.startsWith("--apart="))
                    .findAny()
                    .map(Apart::of)
                    .orElse(null);
            new Standalone(Path.of(arguments[0]), Integer.parseInt(arguments[1]), docker, apart).run();
        } catch (ServiceException e) {
            e.printStackTrace();
            // Once more at the end of the log, which is what the command line shows.
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        tell();
        Services services = docker
                ? Services.startInDocker(folder, this::isFetching, this::isReady)
                : Services.start(folder, this::isReady);
        AutoCloseable application;
        try {
            application = startApplication(services);
        } catch (RuntimeException e) {
            services.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(application, services), "stop"));
        isReady();
        LOG.info("Daybook is ready at http://127.0.0.1:{}", port);
    }

    private synchronized void isFetching(Set<String> images) {
        fetching = images;
        tell();
    }

    /** One that was started again is told as it is now. */
    private synchronized void isReady(Service service) {
        ready.removeIf(part -> part.name().equals(service.name()));
        ready.add(new Installation.Part(
                service.name(),
                service.pid(),
                service.container(),
                service.port(),
                service.log().toString(),
                service.restarts()));
        ready.sort(Comparator.comparing(Installation.Part::name));
        tell();
    }

    private synchronized void isReady() {
        everythingIsReady = true;
        tell();
    }

    private synchronized void tell() {
        ProcessHandle self = ProcessHandle.current();
        Instant startedAt = self.info().startInstant().orElseGet(Instant::now);
        new Installation(self.pid(), startedAt, port, everythingIsReady, fetching, ready).write(folder);
    }

    private AutoCloseable startApplication(Services services) {
        Map<String, Object> properties = new HashMap<>(services.asProperties());
        Stores.write(folder, properties);
        if (apart != null) {
            Migration.run(properties);
            apart.start(services, folder, port, properties);
            // They stop with the services, before these. Of this process nothing else would go on.
            CountDownLatch end = new CountDownLatch(1);
            Thread.ofPlatform().name("until-stopped").start(() -> awaitEnd(end));
            return end::countDown;
        }
        SpringApplication application = new SpringApplication(DaybookApplication.class);
        application.setLogStartupInfo(false);
        // The services must outlive the application, so both are stopped by one hook of ours.
        application.setRegisterShutdownHook(false);
        properties.put("server.port", port);
        // A standalone installation has no authentication: it is for this machine alone.
        properties.put("server.address", "127.0.0.1");
        application.setDefaultProperties(properties);
        return application.run();
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(AutoCloseable application, Services services) {
        try {
            application.close();
        } catch (Exception e) {
            LOG.warn("the application did not stop in order", e);
        } finally {
            services.close();
            Installation.delete(folder);
        }
    }
}
