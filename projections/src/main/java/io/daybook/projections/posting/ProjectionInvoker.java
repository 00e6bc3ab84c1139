package io.daybook.projections.posting;

import io.daybook.events.RecordedEvent;
import io.daybook.messages.UnreadableMessage;
import io.daybook.projections.feed.Slice;
import io.daybook.projections.projection.PublishedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a slice to the projection before it commits: the token is stored only if the store has everything. */
final class ProjectionInvoker implements EventHandlerInvoker {

    private static final Logger LOG = LoggerFactory.getLogger(ProjectionInvoker.class);

    private final ProjectionStatus status;
    private final Supplier<Poster> others;
    private final int maxPostings;

    /** Those of the segments: each is used by one thread at a time. */
    private final Map<Integer, Poster> posters = new ConcurrentHashMap<>();

    /** What the segments were given last. */
    private final Map<Integer, Slice> taken = new ConcurrentHashMap<>();

    /**
     * @param poster posts the first segment, or all if there is one
     * @param others post the other segments
     * @param maxPostings the most in one write. A slice is bounded in events and bytes, but an event may have 1,000 postings
     */
    ProjectionInvoker(Poster poster, Supplier<Poster> others, ProjectionStatus status, int maxPostings) {
        this.posters.put(Segment.ROOT_SEGMENT.getSegmentId(), poster);
        this.others = others;
        this.maxPostings = maxPostings;
        this.status = status;
    }

    /** Every segment takes every slice, and finds what is its own when it posts. */
    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        Slice slice = (Slice) event.getPayload();
        slice.takenBy(segment);
        taken.put(segment.getSegmentId(), slice);
        return true;
    }

    /** What it was given last it may never have begun; the others go on. */
    @Override
    public void segmentReleased(Segment segment) {
        Slice slice = taken.remove(segment.getSegmentId());
        if (slice != null) {
            slice.doneBy(segment);
        }
    }

    /** Before the token is stored: who exchanges generations locks these first, and the token then, too. */
    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        Slice slice = (Slice) message.getPayload();
        try {
            Poster poster = posters.computeIfAbsent(segment.getSegmentId(), id -> others.get());
            for (List<PublishedEvent> part : parts(published(slice, segment))) {
                int posted = poster.post(part);
                RecordedEvent last = part.isEmpty() ? null : part.getLast().read();
                status.applied(posted, last == null ? null : last.recordedAt());
            }
        } catch (RuntimeException e) {
            status.stopped(e);
            throw e;
        } catch (Exception e) {
            status.stopped(e);
            throw new IllegalStateException("projection " + status.name() + " cannot write", e);
        } finally {
            slice.doneBy(segment);
        }
    }

    /** A segment has ledgers of its own. */
    private List<PublishedEvent> published(Slice slice, Segment segment) {
        List<PublishedEvent> published = new ArrayList<>(slice.events().size());
        for (EventMessage<?> message : slice.events()) {
            switch (message.getPayload()) {
                case PublishedEvent event -> {
                    if (segment.matches(event.ledger().value())) {
                        published.add(event);
                    }
                }
                // An event that was lost in it is missed when the next of its ledger comes; nothing else can be
                // missing.
                case UnreadableMessage unreadable -> {
                    if (segment.getSegmentId() == Segment.ROOT_SEGMENT.getSegmentId()) {
                        LOG.error(
                                "{} passes over a message that is of no ledger: {}", status.name(), unreadable.fault());
                    }
                }
                default -> throw new IllegalArgumentException("not what the feed reads: " + message.getPayloadType());
            }
        }
        return published;
    }

    /** Gives back what it holds of the store. */
    void close() {
        posters.values().forEach(Poster::close);
    }

    /** At least one: also who has nothing to post must not pass a token of what is not posted to any more. */
    private List<List<PublishedEvent>> parts(List<PublishedEvent> batch) {
        if (batch.isEmpty()) {
            return List.of(batch);
        }
        List<List<PublishedEvent>> parts = new ArrayList<>();
        int from = 0;
        int weight = 0;
        for (int i = 0; i < batch.size(); i++) {
            weight += batch.get(i).weight();
            if (weight >= maxPostings || i == batch.size() - 1) {
                parts.add(batch.subList(from, i + 1));
                from = i + 1;
                weight = 0;
            }
        }
        return parts;
    }
}
