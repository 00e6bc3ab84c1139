/** From the event store to Kafka. */
@NullMarked
package io.daybook.bench.publication;

import org.jspecify.annotations.NullMarked;
