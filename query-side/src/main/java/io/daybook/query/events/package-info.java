/** {@code GET /v1/ledgers/{ledger}/events}: the history as it was recorded. */
@NullMarked
package io.daybook.query.events;

import org.jspecify.annotations.NullMarked;
