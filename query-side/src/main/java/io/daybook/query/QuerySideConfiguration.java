package io.daybook.query;

import io.daybook.query.accounts.QueryAccountsConfiguration;
import io.daybook.query.health.QueryHealthConfiguration;
import io.daybook.query.projections.QueryProjectionsConfiguration;
import io.daybook.query.store.QueryStoresConfiguration;
import io.daybook.query.stream.QueryStreamConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RestController;

/** All of the query side but the edge, which the process has. */
@Configuration(proxyBeanMethods = false)
@ComponentScan(useDefaultFilters = false, includeFilters = @ComponentScan.Filter(RestController.class))
@Import({
    QueryStoresConfiguration.class,
    QueryAccountsConfiguration.class,
    QueryStreamConfiguration.class,
    QueryProjectionsConfiguration.class,
    QueryHealthConfiguration.class
})
public class QuerySideConfiguration {}
