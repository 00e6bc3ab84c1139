/**
 * The backing services for development, tests and the standalone application, without Docker: PostgreSQL, Redis, Kafka and
 * Elasticsearch as child processes, from artifacts of Maven Central. Begin with {@link io.daybook.services.Services}.
 */
@NullMarked
package io.daybook.services;

import org.jspecify.annotations.NullMarked;
