/**
 * What writer and readers of events must do alike: how an event is JSON, how it travels in Kafka, and how Axon keeps its
 * place in a stream.
 */
@NullMarked
package io.daybook.axon;

import org.jspecify.annotations.NullMarked;
