/**
 * The query side. A request goes through its capability ({@code ledgers}, {@code accounts}, …), which reads the parameters
 * with {@code request} and one of the stores in {@code store}. It writes nowhere.
 */
@NullMarked
package io.daybook.query;

import org.jspecify.annotations.NullMarked;
