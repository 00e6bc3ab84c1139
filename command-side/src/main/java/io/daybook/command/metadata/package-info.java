/** {@code PATCH …/metadata} of ledgers, accounts and transactions. */
@NullMarked
package io.daybook.command.metadata;

import org.jspecify.annotations.NullMarked;
