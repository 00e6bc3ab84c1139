package io.daybook.query.accounts;

import io.daybook.query.store.Balances;
import io.daybook.query.store.Books;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Accounts and their statements. */
@Configuration(proxyBeanMethods = false)
@Import({AccountsController.class, EntriesController.class})
public class QueryAccountsConfiguration {

    @Bean
    CurrentAccounts queryCurrentAccounts(Balances balances, Books books) {
        return new CurrentAccounts(balances, books);
    }
}
