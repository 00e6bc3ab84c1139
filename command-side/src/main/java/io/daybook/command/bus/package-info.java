/** The batching command bus: many commands, one writer for each ledger, one commit. */
@NullMarked
package io.daybook.command.bus;

import org.jspecify.annotations.NullMarked;
