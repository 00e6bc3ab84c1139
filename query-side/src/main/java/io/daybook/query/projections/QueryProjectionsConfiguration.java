package io.daybook.query.projections;

import io.daybook.query.store.AuditIndex;
import io.daybook.query.store.BooksReplicas;
import io.daybook.query.store.RedisBalances;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How far the books are. */
@Configuration(proxyBeanMethods = false)
public class QueryProjectionsConfiguration {

    @Bean
    LedgerPositions ledgerPositions(BooksReplicas books, RedisBalances balances, AuditIndex audit) {
        return new LedgerPositions(books, balances, audit);
    }
}
