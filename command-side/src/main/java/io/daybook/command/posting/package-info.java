/** {@code POST /v1/ledgers/{ledger}/transactions} and its batch, and reversals. */
@NullMarked
package io.daybook.command.posting;

import org.jspecify.annotations.NullMarked;
