package io.daybook.projections.feed;

import io.daybook.axon.StoredEvent;
import io.daybook.axon.UnreadableMessage;
import io.daybook.events.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
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

    private final Poster poster;
    private final ProjectionStatus status;
    private final String resource;

    ProjectionInvoker(Poster poster, ProjectionStatus status) {
        this.poster = poster;
        this.status = status;
        this.resource = "projection " + status.name();
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return true;
    }

    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        UnitOfWork<?> unit = CurrentUnitOfWork.get();
        List<PublishedEvent> batch = unit.getResource(resource);
        if (batch == null) {
            batch = new ArrayList<>();
            unit.resources().put(resource, batch);
            unit.onPrepareCommit(u -> apply(u.getResource(resource)));
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

    private void apply(List<PublishedEvent> batch) {
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
