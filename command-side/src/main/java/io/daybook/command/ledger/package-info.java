/**
 * The domain: what a ledger accepts, and what it is after an event. Plain Java, without Axon, Spring or a database.
 *
 * <p>Begin with {@link io.daybook.command.ledger.Ledger}.
 */
@NullMarked
package io.daybook.command.ledger;

import org.jspecify.annotations.NullMarked;
