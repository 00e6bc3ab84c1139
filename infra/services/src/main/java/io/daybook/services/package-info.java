/**
 * The backing services for development, tests and the standalone application: PostgreSQL, Redis, Kafka and Elasticsearch
 * as child processes, from artifacts of Maven Central, or in Docker, from the official images. Begin with {@link io.daybook.services.Services}.
 */
@NullMarked
package io.daybook.services;

import org.jspecify.annotations.NullMarked;
