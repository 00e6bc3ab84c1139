package io.daybook.projections.replay;

import io.daybook.projections.journal.Journal;
import io.daybook.projections.posting.ProjectionFactory;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.settings.ProjectionsProperties;
import io.daybook.projections.status.EndOfTopic;
import io.daybook.projections.work.Work;
import io.daybook.projections.work.Workers;
import io.daybook.settings.KafkaProperties;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Replay of all projections. */
@Configuration(proxyBeanMethods = false)
public class ReplayConfiguration {

    @Bean
    Workers replays(
            List<GenerationStore> stores,
            ProjectionFactory factory,
            JdbcTemplate books,
            DataSource dataSource,
            EndOfTopic end,
            Journal journal,
            ProjectionsProperties properties) {
        GenerationTable generations = new GenerationTable(books, new JdbcTransactionManager(dataSource));
        RepairRows repairs = new RepairRows(books);
        KafkaProperties kafka = properties.kafka();
        Sources sources = new Sources(
                journal, kafka.bootstrapServers(), kafka.eventsTopic().name());
        List<Work> work = new ArrayList<>();
        for (GenerationStore store : stores) {
            if (!properties.projections().run().contains(store.projection())) {
                continue; // whoever runs it does its replays
            }
            work.add(new Replay(store, generations, repairs, factory, journal, end, properties.replays()));
            work.add(new Repairs(
                    store, generations, repairs, sources, properties.replays().interval()));
        }
        return new Workers("replay", work);
    }

    @Bean
    ReplayRequests replayRequests(JdbcTemplate books, DataSource dataSource) {
        return new ReplayRequests(books, new JdbcTransactionManager(dataSource));
    }
}
