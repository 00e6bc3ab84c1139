package io.daybook.projections;

import io.daybook.projections.audit.AuditConfiguration;
import io.daybook.projections.balances.BalancesConfiguration;
import io.daybook.projections.books.BooksConfiguration;
import io.daybook.projections.feed.FeedConfiguration;
import io.daybook.projections.guard.GuardConfiguration;
import io.daybook.projections.journal.JournalConfiguration;
import io.daybook.projections.metrics.ProjectionMetricsConfiguration;
import io.daybook.projections.posting.PostingConfiguration;
import io.daybook.projections.replay.ReplayConfiguration;
import io.daybook.projections.status.StatusConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** All projections, for an application to import. */
@Configuration(proxyBeanMethods = false)
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
    ProjectionMetricsConfiguration.class
})
public class ProjectionsConfiguration {}
