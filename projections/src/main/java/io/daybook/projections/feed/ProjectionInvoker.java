package io.daybook.projections.feed;

import io.daybook.axon.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Collects what a processor hands over one by one, and gives it to the projection as one batch before the batch commits:
 * the token is stored only if the store has everything.
 */
final class ProjectionInvoker implements EventHandlerInvoker {

    /** The most postings in one write. A processor's batch is bounded in events, but an event may have 1,000 postings. */
    private static final int MAX_WEIGHT = 20_000;

    private final Projection projection;
    private final ProjectionStatus status;
    private final String resource;

    ProjectionInvoker(Projection projection, ProjectionStatus status) {
        this.projection = projection;
        this.status = status;
        this.resource = "projection " + projection.name();
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
        try {
            batch.add(PublishedEvent.of((StoredEvent) message.getPayload()));
        } catch (RuntimeException e) {
            status.stopped(e);
            throw e;
        }
    }

    private void apply(List<PublishedEvent> batch) {
        try {
            for (List<PublishedEvent> slice : slices(batch)) {
                projection.apply(slice);
                status.applied(slice.size(), slice.getLast().recorded().recordedAt());
            }
        } catch (RuntimeException e) {
            status.stopped(e);
            throw e;
        } catch (Exception e) {
            status.stopped(e);
            throw new IllegalStateException("projection " + projection.name() + " cannot write", e);
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
