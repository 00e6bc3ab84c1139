/** The event store, from which events are read when Kafka has not got them. */
@NullMarked
package io.daybook.projections.journal;

import org.jspecify.annotations.NullMarked;
