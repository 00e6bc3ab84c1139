package io.daybook.projections.feed;

import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.StreamableMessageSource;

/**
 * How a generation is fed.
 *
 * @param source where the events come from; one that is not Kafka is not waited for
 * @param segments by how many threads they are posted, each with ledgers of its own
 */
public record Feed(StreamableMessageSource<TrackedEventMessage<?>> source, int segments) {}
