package io.daybook.projections.feed;

import java.util.List;
import org.axonframework.eventhandling.EventMessage;

/**
 * What a projection is given at a time: to its processor it is one event, so that what Axon does for each is done once.
 *
 * @param events of any ledgers; those of one ledger in their order
 * @param done to be run when they are written, or cannot be, and the next ones are wanted
 */
record Slice(List<EventMessage<?>> events, Runnable done) {}
