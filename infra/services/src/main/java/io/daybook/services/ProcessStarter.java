package io.daybook.services;

/** Starts the services as child processes. */
record ProcessStarter(DataDirectory data, Binaries binaries) implements Starter {

    @Override
    public PostgresServer postgres(String name) {
        return PostgresServer.start(name, data, binaries);
    }

    @Override
    public PostgresServer postgresReplica(String name, PostgresServer primary) {
        return PostgresServer.startReplica(name, primary, data, binaries);
    }

    @Override
    public RedisServer redis() {
        return RedisServer.start(data, binaries);
    }

    @Override
    public KafkaServer kafka() {
        return KafkaServer.start(data, binaries);
    }

    @Override
    public ElasticsearchServer elasticsearch() {
        return ElasticsearchServer.start(data, binaries);
    }

    @Override
    public void close() {
        // Child processes share nothing.
    }
}
