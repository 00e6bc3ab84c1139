/** The same events each time, in the journal and in Kafka. */
@NullMarked
package io.daybook.bench.history;

import org.jspecify.annotations.NullMarked;
