/**
 * Measures Daybook against baselines, in one run on one machine, round by round in turns. A {@link io.daybook.bench.Scenario}
 * names a {@link io.daybook.bench.Flow} of transfers and how they come; each {@link io.daybook.bench.Subject} takes the same
 * transfers; {@link io.daybook.bench.Bench} runs them and checks their books.
 */
@NullMarked
package io.daybook.bench;

import org.jspecify.annotations.NullMarked;
