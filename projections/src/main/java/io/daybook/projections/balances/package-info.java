/** The balances in Redis. */
@NullMarked
package io.daybook.projections.balances;

import org.jspecify.annotations.NullMarked;
