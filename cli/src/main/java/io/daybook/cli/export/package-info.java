/** {@code daybook export}: a ledger's whole history in a form that other programs read, streamed. */
@NullMarked
package io.daybook.cli.export;

import org.jspecify.annotations.NullMarked;
