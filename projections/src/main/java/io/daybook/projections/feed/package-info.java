/** How events come from Kafka to a projection: in order for each ledger, in batches, none lost, none counted twice. */
@NullMarked
package io.daybook.projections.feed;

import org.jspecify.annotations.NullMarked;
