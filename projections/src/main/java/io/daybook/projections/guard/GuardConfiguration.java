package io.daybook.projections.guard;

import io.daybook.projections.journal.Journal;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.replay.RepairRows;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.projections.status.EndOfTopic;
import io.daybook.projections.work.Workers;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The guard over all projections. */
@Configuration(proxyBeanMethods = false)
public class GuardConfiguration {

    @Bean
    Workers guard(
            Journal journal,
            List<GenerationStore> stores,
            List<RunningProjection> running,
            LedgerAccounts accounts,
            EndOfTopic end,
            JdbcTemplate books,
            DataSource dataSource,
            ProjectionsProperties settings) {
        ProjectionsProperties.Guard properties = settings.guard();
        GuardRows rows = new GuardRows(books);
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        List<GuardedProjection> guarded = stores.stream()
                .map(store -> new GuardedProjection(
                        store,
                        new Suspects(of(store, running), end),
                        rows,
                        new RepairRows(books),
                        transactions,
                        properties))
                .toList();
        Guard guard = new Guard(journal, guarded, accounts, rows, new GuardLock(dataSource), properties);
        return new Workers("guard", guard.work());
    }

    private static RunningProjection of(GenerationStore store, List<RunningProjection> running) {
        return running.stream()
                .filter(projection -> projection.status().name().equals(store.projection()))
                .findFirst()
                .orElseThrow();
    }
}
