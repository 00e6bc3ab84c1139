package io.daybook.projections.feed;

import io.daybook.axon.StoredEvent;
import io.daybook.axon.UnreadableMessage;
import io.daybook.events.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what a processor hands over one by one, and gives it to the projection as one batch before the batch commits:
 * the token is stored only if the store has everything.
 */
final class ProjectionInvoker implements EventHandlerInvoker {

    /** The most postings in one write. A processor's batch is bounded in events, but an event may have 1,000 postings. */
    private static final int MAX_WEIGHT = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(ProjectionInvoker.class);

    private final ProjectionStatus status;
    private final String resource;
    private final Supplier<Poster> others;

    /** Those of the segments: each is used by one thread at a time. */
    private final Map<Integer, Poster> posters = new ConcurrentHashMap<>();

    /**
     * @param poster posts the first segment, or all if there is one
     * @param others post the other segments
     */
    ProjectionInvoker(Poster poster, Supplier<Poster> others, ProjectionStatus status) {
        this.posters.put(Segment.ROOT_SEGMENT.getSegmentId(), poster);
        this.others = others;
        this.status = status;
        this.resource = "projection " + status.name();
    }

    /** A segment has ledgers of its own. */
    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return segment.equals(Segment.ROOT_SEGMENT) || segment.matches(ledger(event.getPayload()));
    }

    private static @Nullable String ledger(Object payload) {
        return switch (payload) {
            case StoredEvent stored -> stored.ledger();
            case UnreadableMessage unreadable
            when unreadable.ledger() != null -> unreadable.ledger().value();
            default -> null;
        };
    }

    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get();
        List<PublishedEvent> batch = unit.getResource(resource);
        if (batch == null) {
            batch = new ArrayList<>();
            unit.resources().put(resource, batch);
            Poster poster = posters.computeIfAbsent(segment.getSegmentId(), id -> others.get());
            unit.onPrepareCommit(u -> apply(poster, u.getResource(resource)));
        }
        switch (message.getPayload()) {
            case StoredEvent stored -> batch.add(PublishedEvent.of(stored));
            case UnreadableMessage unreadable -> add(batch, unreadable);
            default -> throw new IllegalArgumentException("not what the feed reads: " + message.getPayloadType());
        }
    }

    /** An event that was lost in it is missed when the next of its ledger comes; nothing else can be missing. */
    private void add(List<PublishedEvent> batch, UnreadableMessage message) {
        if (message.ledger() == null) {
            LOG.error("{} passes over a message that is of no ledger: {}", status.name(), message.fault());
        } else {
            batch.add(PublishedEvent.of(message.ledger(), message));
        }
    }

    private void apply(Poster poster, List<PublishedEvent> batch) {
        try {
            for (List<PublishedEvent> slice : slices(batch)) {
                int posted = poster.post(slice);
                RecordedEvent last = slice.getLast().read();
                status.applied(posted, last == null ? null : last.recordedAt());
            }
        } catch (RuntimeException e) {
            status.stopped(e);
            throw e;
        } catch (Exception e) {
            status.stopped(e);
            throw new IllegalStateException("projection " + status.name() + " cannot write", e);
        }
    }

    /** Gives back what it holds of the store. */
    void close() {
        posters.values().forEach(Poster::close);
    }

    private static List<List<PublishedEvent>> slices(List<PublishedEvent> batch) {
        List<List<PublishedEvent>> slices = new ArrayList<>();
        int from = 0;
        int weight = 0;
        for (int i = 0; i < batch.size(); i++) {
            weight += batch.get(i).weight();
            if (weight >= MAX_WEIGHT || i == batch.size() - 1) {
                slices.add(batch.subList(from, i + 1));
                from = i + 1;
                weight = 0;
            }
        }
        return slices;
    }
}
