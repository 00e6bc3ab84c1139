/** What a ledger takes that is open. */
@NullMarked
package io.daybook.bench.memory;

import org.jspecify.annotations.NullMarked;
