/** The event store: Axon's JDBC engine over a journal table of our own in PostgreSQL. */
@NullMarked
package io.daybook.command.store;

import org.jspecify.annotations.NullMarked;
