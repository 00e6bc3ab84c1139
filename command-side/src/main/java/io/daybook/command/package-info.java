/**
 * The command side. A request goes {@code posting} (or {@code accounts}, {@code ledgers}) → {@code intake} → {@code bus} →
 * {@code aggregate} → {@code ledger}, what it led to goes → {@code store} → {@code publication}.
 */
@NullMarked
package io.daybook.command;

import org.jspecify.annotations.NullMarked;
