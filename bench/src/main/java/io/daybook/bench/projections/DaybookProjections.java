package io.daybook.bench.projections;

import io.daybook.bench.measure.Backlog.Worker;
import io.daybook.bench.setup.Applications;
import io.daybook.projections.feed.FeedConfiguration;
import io.daybook.projections.posting.PostingConfiguration;
import io.daybook.projections.posting.RunningProjection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;

/** Some of Daybook's projections, alone in an application. */
final class DaybookProjections implements Worker {

    private final ConfigurableApplicationContext application;
    private final List<RunningProjection> projections;
    private final long before;

    DaybookProjections(List<Store.Kind> stores, Map<String, String> services, long before) {
        this.before = before;
        application = Applications.start(
                services,
                Stream.concat(
                                Stream.of(FeedConfiguration.class, PostingConfiguration.class),
                                stores.stream().map(Store.Kind::projection))
                        .toArray(Class<?>[]::new));
        projections =
                List.copyOf(application.getBeansOfType(RunningProjection.class).values());
    }

    /** What all of them have done, by their positions, which move when a batch is committed. */
    @Override
    public long done() {
        long read = projections.stream()
                .mapToLong(projection -> projection.positions().values().stream()
                        .mapToLong(offset -> offset + 1)
                        .sum())
                .min()
                .orElseThrow();
        // Until it has taken up its position it does not know any.
        return Math.max(0, read - before);
    }

    @Override
    public void close() {
        application.close();
    }
}
