/**
 * {@code GET /v1/ledgers/{ledger}/stream}: what happens in a ledger, as it happens. Of each ledger that is listened to, one
 * {@code LedgerFeed} reads the events once for all {@code Listener}s; a connection first catches up on its own by the
 * {@code LedgerHistory}, then joins the feed.
 */
@NullMarked
package io.daybook.query.stream;

import org.jspecify.annotations.NullMarked;
