package io.daybook.services;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A service that this process has started. */
abstract sealed class ProcessService implements Service, AutoCloseable
        permits PostgresServer, RedisServer, KafkaServer, ElasticsearchServer, Node {

    private final String name;
    private final int port;
    private volatile Running running;
    private volatile int restarts;

    ProcessService(String name, int port, Running running) {
        this.name = name;
        this.port = port;
        this.running = running;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public long pid() {
        return running.pid();
    }

    @Override
    public @Nullable String container() {
        return running.container();
    }

    @Override
    public Path log() {
        return running.log();
    }

    @Override
    public int restarts() {
        return restarts;
    }

    boolean isAlive() {
        return running.isAlive();
    }

    /** It has ended, and runs from now on in what the same service was started in again. */
    void runsAs(ProcessService again) {
        running = again.running;
        restarts++;
    }

    /** Stops it in order and waits until it is gone. */
    @Override
    public void close() {
        running.close();
    }
}
