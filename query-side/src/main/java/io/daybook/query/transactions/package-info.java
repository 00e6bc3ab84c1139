/** {@code GET /v1/ledgers/{ledger}/transactions} and one of them. */
@NullMarked
package io.daybook.query.transactions;

import org.jspecify.annotations.NullMarked;
