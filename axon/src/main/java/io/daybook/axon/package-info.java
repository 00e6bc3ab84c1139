/** How Axon has Daybook's events: as its messages, in its serializer, and the tokens of its places in a stream. */
@NullMarked
package io.daybook.axon;

import org.jspecify.annotations.NullMarked;
