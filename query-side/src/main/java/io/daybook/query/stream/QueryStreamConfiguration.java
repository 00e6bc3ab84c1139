package io.daybook.query.stream;

import io.daybook.query.settings.QuerySideProperties;
import io.daybook.query.store.BooksReplicas;
import io.daybook.query.store.Notices;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Live streams. */
@Configuration(proxyBeanMethods = false)
public class QueryStreamConfiguration {

    @Bean
    LedgerHistory ledgerHistory(BooksReplicas books, JsonMapper json) {
        return new LedgerHistory(books, json);
    }

    @Bean
    LedgerStreams ledgerStreams(LedgerHistory history, Notices notices, QuerySideProperties properties) {
        return new LedgerStreams(history, notices, properties.stream());
    }
}
