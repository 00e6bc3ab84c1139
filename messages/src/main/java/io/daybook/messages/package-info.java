/** What travels in Kafka: the topics, events and requests as messages, and their JSON. */
@NullMarked
package io.daybook.messages;

import org.jspecify.annotations.NullMarked;
