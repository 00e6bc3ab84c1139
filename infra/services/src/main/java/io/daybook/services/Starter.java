package io.daybook.services;

/** How the services are started: as child processes, or in containers. Each call waits until its service answers. */
interface Starter extends AutoCloseable {

    PostgresServer postgres(String name);

    /** A hot standby of {@code primary}; the first time it is made from a base backup. */
    PostgresServer postgresReplica(String name, PostgresServer primary);

    RedisServer redis();

    KafkaServer kafka();

    ElasticsearchServer elasticsearch();

    /** Gives back what the services shared, when all of them have stopped. */
    @Override
    void close();
}
