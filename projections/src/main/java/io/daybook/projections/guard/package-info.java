/** Watches that the stores have all that the journal has, ledger by ledger, and heals what is found incomplete. */
@NullMarked
package io.daybook.projections.guard;

import org.jspecify.annotations.NullMarked;
