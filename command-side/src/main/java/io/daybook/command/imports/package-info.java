/** {@code POST /v1/ledgers/{ledger}/events}: a ledger's history from another installation. */
@NullMarked
package io.daybook.command.imports;

import org.jspecify.annotations.NullMarked;
