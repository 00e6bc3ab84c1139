/** From Kafka to the stores: catching up, replay, lag. */
@NullMarked
package io.daybook.bench.projections;

import org.jspecify.annotations.NullMarked;
