package io.daybook.projections.feed;

import io.daybook.axon.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;

/** Gives a slice to the projection before it commits: the token is stored only if the store has everything. */
final class ProjectionInvoker implements EventHandlerInvoker {

    /** The most postings in one write. A slice is bounded in events and bytes, but an event may have 1,000 postings. */
    private static final int MAX_WEIGHT = 20_000;

    private final Projection projection;
    private final ProjectionStatus status;

    ProjectionInvoker(Projection projection, ProjectionStatus status) {
        this.projection = projection;
        this.status = status;
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return true;
    }

    /** Before the token is stored: who exchanges generations locks these first, and the token then, too. */
    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        Slice slice = (Slice) message.getPayload();
        try {
            for (List<PublishedEvent> part : parts(published(slice))) {
                projection.apply(part);
                status.applied(part.size(), part.getLast().recorded().recordedAt());
            }
        } catch (RuntimeException e) {
            status.stopped(e);
            throw e;
        } catch (Exception e) {
            status.stopped(e);
            throw new IllegalStateException("projection " + projection.name() + " cannot write", e);
        } finally {
            slice.done().run();
        }
    }

    private static List<PublishedEvent> published(Slice slice) {
        return slice.events().stream()
                .map(message -> PublishedEvent.of((StoredEvent) message.getPayload()))
                .toList();
    }

    private static List<List<PublishedEvent>> parts(List<PublishedEvent> batch) {
        List<List<PublishedEvent>> parts = new ArrayList<>();
        int from = 0;
        int weight = 0;
        for (int i = 0; i < batch.size(); i++) {
            weight += batch.get(i).weight();
            if (weight >= MAX_WEIGHT || i == batch.size() - 1) {
                parts.add(batch.subList(from, i + 1));
                from = i + 1;
                weight = 0;
            }
        }
        return parts;
    }
}
