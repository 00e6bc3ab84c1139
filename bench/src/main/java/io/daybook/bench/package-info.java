/**
 * Measures Daybook against baselines, in one run on one machine, round by round in turns. A {@link io.daybook.bench.measure.Scenario}
 * says what is to be done and brings the {@link io.daybook.bench.measure.Subject}s that do it, Daybook among them;
 * {@link io.daybook.bench.measure.Bench} runs them and checks what they have done.
 */
@NullMarked
package io.daybook.bench;

import org.jspecify.annotations.NullMarked;
