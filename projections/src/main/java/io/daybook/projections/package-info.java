/**
 * Posts the books from the daybook: reads {@code daybook.events} and writes what queries are served from. An event goes
 * {@code feed} → {@code books}, {@code balances} or {@code audit}; how far each has come is told by {@code status}.
 */
@NullMarked
package io.daybook.projections;

import org.jspecify.annotations.NullMarked;
