/** {@code POST /v1/ledgers/{ledger}/holds}, captures and voids, and the expiry of holds. */
@NullMarked
package io.daybook.command.holds;

import org.jspecify.annotations.NullMarked;
