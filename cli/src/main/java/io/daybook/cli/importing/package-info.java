/**
 * {@code daybook import}: brings the transactions of others into a ledger, so that they can be imported again and again
 * with the same books.
 */
@NullMarked
package io.daybook.cli.importing;

import org.jspecify.annotations.NullMarked;
