package io.daybook.projections.feed;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;

/**
 * What a projection is given at a time: to its processor it is one event, so that what Axon does for each is done once. Every
 * segment takes it, and posts what is of its own ledgers.
 */
public final class Slice {

    private final List<EventMessage<?>> events;
    private final Runnable whenDone;
    private final Set<Integer> segments = ConcurrentHashMap.newKeySet();

    /**
     * @param events of any ledgers; those of one ledger in their order
     * @param whenDone run when no segment is at it any more
     */
    Slice(List<EventMessage<?>> events, Runnable whenDone) {
        this.events = events;
        this.whenDone = whenDone;
    }

    public List<EventMessage<?>> events() {
        return events;
    }

    public void takenBy(Segment segment) {
        segments.add(segment.getSegmentId());
    }

    /** It is written, or cannot be; it makes no difference if the segment has said so before. */
    public void doneBy(Segment segment) {
        if (segments.remove(segment.getSegmentId()) && segments.isEmpty()) {
            whenDone.run();
        }
    }

    /**
     * Whether a segment that took it is still at it.
     *
     * @param working what else has taken it was given up, and nobody said so: Axon does not if the claim cannot be released
     */
    boolean isUnderWay(Set<Integer> working) {
        segments.retainAll(working);
        return !segments.isEmpty();
    }
}
