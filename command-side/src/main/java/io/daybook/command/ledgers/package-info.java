/** {@code PUT /v1/ledgers/{ledger}}. */
@NullMarked
package io.daybook.command.ledgers;

import org.jspecify.annotations.NullMarked;
