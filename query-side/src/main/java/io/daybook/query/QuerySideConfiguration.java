package io.daybook.query;

import io.daybook.http.HttpConfiguration;
import io.daybook.http.requestlog.RequestLogConfiguration;
import io.daybook.query.accounts.QueryAccountsConfiguration;
import io.daybook.query.audit.QueryAuditConfiguration;
import io.daybook.query.balances.QueryBalancesConfiguration;
import io.daybook.query.commands.QueryCommandsConfiguration;
import io.daybook.query.events.QueryEventsConfiguration;
import io.daybook.query.holds.QueryHoldsConfiguration;
import io.daybook.query.ledgers.QueryLedgersConfiguration;
import io.daybook.query.projections.QueryProjectionsConfiguration;
import io.daybook.query.store.QueryStoresConfiguration;
import io.daybook.query.stream.QueryStreamConfiguration;
import io.daybook.query.transactions.QueryTransactionsConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** All of the query side, for an application to import. */
@Configuration(proxyBeanMethods = false)
@Import({
    HttpConfiguration.class,
    RequestLogConfiguration.class,
    QueryStoresConfiguration.class,
    QueryLedgersConfiguration.class,
    QueryAccountsConfiguration.class,
    QueryTransactionsConfiguration.class,
    QueryEventsConfiguration.class,
    QueryHoldsConfiguration.class,
    QueryBalancesConfiguration.class,
    QueryStreamConfiguration.class,
    QueryCommandsConfiguration.class,
    QueryAuditConfiguration.class,
    QueryProjectionsConfiguration.class
})
public class QuerySideConfiguration {}
