package io.daybook.projections.guard;

import io.daybook.projections.journal.Journal;
import io.daybook.projections.posting.RunningProjection;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.replay.RepairRows;
import io.daybook.projections.status.EndOfTopic;
import io.daybook.projections.work.Workers;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The guard over all projections. */
@Configuration(proxyBeanMethods = false)
public class GuardConfiguration {

    @Bean
    GuardProperties projectionsGuardProperties(
            @Value("${daybook.guard.interval:PT1S}") Duration interval,
            @Value("${daybook.guard.share:0.05}") double share,
            @Value("${daybook.guard.grace:PT10S}") Duration grace,
            @Value("${daybook.guard.pause:PT5M}") Duration pause,
            @Value("${daybook.guard.heal-limit:10}") int healLimit,
            @Value("${daybook.guard.heal-pause:PT1M}") Duration healPause) {
        return new GuardProperties(interval, share, grace, pause, healLimit, healPause);
    }

    @Bean
    @DependsOn("projectionsSchemas")
    Workers projectionsGuard(
            Journal journal,
            List<GenerationStore> stores,
            List<RunningProjection> running,
            LedgerAccounts accounts,
            @Qualifier("projectionsEndOfTopic") EndOfTopic end,
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books,
            @Qualifier("projectionsDataSource") DataSource dataSource,
            GuardProperties properties) {
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
