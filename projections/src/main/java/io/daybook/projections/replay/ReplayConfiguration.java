package io.daybook.projections.replay;

import io.daybook.projections.feed.GenerationStore;
import io.daybook.projections.feed.ProjectionFactory;
import io.daybook.projections.status.EndOfTopic;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Replay of all projections. */
@Configuration(proxyBeanMethods = false)
public class ReplayConfiguration {

    @Bean
    Replays projectionsReplays(
            List<GenerationStore> stores,
            ProjectionFactory factory,
            @Qualifier("projectionsJdbcTemplate") JdbcTemplate books,
            @Qualifier("projectionsDataSource") DataSource dataSource,
            @Qualifier("projectionsEndOfTopic") EndOfTopic end) {
        Generations generations =
                new Generations(books, new TransactionTemplate(new JdbcTransactionManager(dataSource)));
        return new Replays(stores.stream()
                .map(store -> new Replay(store, generations, factory, aside -> end.behind(aside.positions())))
                .toList());
    }
}
