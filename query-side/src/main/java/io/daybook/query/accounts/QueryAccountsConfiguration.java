package io.daybook.query.accounts;

import io.daybook.query.store.Balances;
import io.daybook.query.store.Books;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Accounts and their statements. */
@Configuration(proxyBeanMethods = false)
public class QueryAccountsConfiguration {

    @Bean
    CurrentAccounts currentAccounts(Balances balances, Books books) {
        return new CurrentAccounts(balances, books);
    }
}
