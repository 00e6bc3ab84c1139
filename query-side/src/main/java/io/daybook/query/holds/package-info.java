/** {@code GET /v1/ledgers/{ledger}/holds} and one of them. */
@NullMarked
package io.daybook.query.holds;

import org.jspecify.annotations.NullMarked;
