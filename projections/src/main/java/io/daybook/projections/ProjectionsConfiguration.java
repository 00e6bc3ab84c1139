package io.daybook.projections;

import io.daybook.projections.audit.AuditConfiguration;
import io.daybook.projections.balances.BalancesConfiguration;
import io.daybook.projections.books.BooksConfiguration;
import io.daybook.projections.feed.FeedConfiguration;
import io.daybook.projections.guard.GuardConfiguration;
import io.daybook.projections.health.ProjectionsHealthConfiguration;
import io.daybook.projections.journal.JournalConfiguration;
import io.daybook.projections.metrics.ProjectionMetricsConfiguration;
import io.daybook.projections.posting.PostingConfiguration;
import io.daybook.projections.replay.ReplayConfiguration;
import io.daybook.projections.status.StatusConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RestController;

/** All projections but the edge, which the process has. */
@Configuration(proxyBeanMethods = false)
@ComponentScan(useDefaultFilters = false, includeFilters = @ComponentScan.Filter(RestController.class))
@Import({
    FeedConfiguration.class,
    PostingConfiguration.class,
    JournalConfiguration.class,
    BooksConfiguration.class,
    BalancesConfiguration.class,
    AuditConfiguration.class,
    StatusConfiguration.class,
    ReplayConfiguration.class,
    GuardConfiguration.class,
    ProjectionMetricsConfiguration.class,
    ProjectionsHealthConfiguration.class
})
public class ProjectionsConfiguration {}
