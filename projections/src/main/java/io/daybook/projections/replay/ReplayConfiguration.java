package io.daybook.projections.replay;

import io.daybook.messages.EventsInKafka;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.status.EndOfTopic;
import io.daybook.projections.work.Work;
import io.daybook.projections.work.Workers;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Replay of all projections. */
@Configuration(proxyBeanMethods = false)
public class ReplayConfiguration {

    @Bean
    Workers projectionsReplays(
            List<GenerationStore> stores,
            ProjectionFactory factory,
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books,
            @Qualifier("projectionsDataSource") DataSource dataSource,
            @Qualifier("projectionsEndOfTopic") EndOfTopic end,
            Journal journal,
            @Value("${daybook.kafka.bootstrap-servers}") String bootstrapServers,
            @Value("${daybook.kafka.topic-prefix:daybook}") String topicPrefix) {
        Generations generations = new Generations(books, new JdbcTransactionManager(dataSource));
        RepairRows repairs = new RepairRows(books);
        Sources sources = new Sources(journal, bootstrapServers, EventsInKafka.topic(topicPrefix));
        List<Work> work = new ArrayList<>();
        for (GenerationStore store : stores) {
            work.add(new Replay(store, generations, repairs, factory, journal, end));
            work.add(new Repairs(store, generations, repairs, sources));
        }
        return new Workers("replay", work);
    }

    @Bean
    ReplaysController replaysController(
            List<GenerationStore> stores,
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books,
            @Qualifier("projectionsPlatformTransactionManager") PlatformTransactionManager transactions,
            Journal journal) {
        return new ReplaysController(
                new ReplayRequests(books, transactions),
                journal,
                stores.stream().map(GenerationStore::projection).sorted().toList());
    }
}
