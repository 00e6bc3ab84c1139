/** {@code GET /v1/ledgers/{ledger}/balances}: sums under a prefix. */
@NullMarked
package io.daybook.query.balances;

import org.jspecify.annotations.NullMarked;
