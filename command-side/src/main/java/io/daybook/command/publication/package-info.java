/** From the event store to Kafka: at least once, in order for each ledger. */
@NullMarked
package io.daybook.command.publication;

import org.jspecify.annotations.NullMarked;
