/** {@code PUT /v1/ledgers/{ledger}/accounts/{account}}. */
@NullMarked
package io.daybook.command.accounts;

import org.jspecify.annotations.NullMarked;
