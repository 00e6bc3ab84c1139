package io.daybook.query.accounts;

import io.daybook.query.store.BooksReplicas;
import io.daybook.query.store.RedisBalances;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Accounts and their statements. */
@Configuration(proxyBeanMethods = false)
public class QueryAccountsConfiguration {

    @Bean
    CurrentAccounts currentAccounts(RedisBalances balances, BooksReplicas books) {
        return new CurrentAccounts(balances, books);
    }
}
