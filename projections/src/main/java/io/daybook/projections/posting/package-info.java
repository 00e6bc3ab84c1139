/** What runs projections: batches are posted to the generation that is live or aside, and ledgers that cannot be posted are parked. */
@NullMarked
package io.daybook.projections.posting;

import org.jspecify.annotations.NullMarked;
