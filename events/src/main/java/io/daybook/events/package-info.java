/**
 * The published language of Daybook: what is written once on the command side, carried by Kafka, and read by everyone
 * else. It holds values, events and their JSON form, and depends on nothing but Jackson's annotations.
 *
 * <p>Begin with {@link io.daybook.events.LedgerEvent}.
 */
@NullMarked
package io.daybook.events;

import org.jspecify.annotations.NullMarked;
