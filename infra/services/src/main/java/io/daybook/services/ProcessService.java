package io.daybook.services;

import java.nio.file.Path;

/** A backing service that is a child process. */
abstract sealed class ProcessService implements Service, AutoCloseable
        permits PostgresServer, RedisServer, KafkaServer, ElasticsearchServer {

    private final String name;
    private final int port;
    private final ChildProcess process;

    ProcessService(String name, int port, ChildProcess process) {
        this.name = name;
        this.port = port;
        this.process = process;
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
        return process.pid();
    }

    @Override
    public Path log() {
        return process.log();
    }

    /** Stops it in order and waits until it is gone. */
    @Override
    public void close() {
        process.close();
    }
}
