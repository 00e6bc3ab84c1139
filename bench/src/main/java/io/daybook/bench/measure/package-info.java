/** How a run goes: rounds in turns, what they took, what came of them, and how that is kept. */
@NullMarked
package io.daybook.bench.measure;

import org.jspecify.annotations.NullMarked;
