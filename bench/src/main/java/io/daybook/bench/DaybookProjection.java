package io.daybook.bench;

import io.daybook.bench.Backlog.Worker;
import io.daybook.projections.feed.FeedConfiguration;
import io.daybook.projections.feed.RunningProjection;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/** One of Daybook's projections, alone in an application. */
final class DaybookProjection implements Worker {

    private final ConfigurableApplicationContext application;
    private final RunningProjection projection;
    private final long before;

    DaybookProjection(Store.Kind store, Map<String, String> services, long before) {
        this.before = before;
        application = Applications.start(services, FeedConfiguration.class, store.projection());
        projection = application.getBean(RunningProjection.class);
    }

    /** By its positions, which move when a batch is committed. */
    @Override
    public long done() {
        long read = projection.positions().values().stream()
                .mapToLong(offset -> offset + 1)
                .sum();
        // Until it has taken up its position it does not know any.
        return Math.max(0, read - before);
    }

    @Override
    public void close() {
        application.close();
    }
}
