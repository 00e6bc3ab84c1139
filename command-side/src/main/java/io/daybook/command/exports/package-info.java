/** {@code GET /v1/ledgers/{ledger}/keyed-commands}: what an export needs beside the events. */
@NullMarked
package io.daybook.command.exports;

import org.jspecify.annotations.NullMarked;
