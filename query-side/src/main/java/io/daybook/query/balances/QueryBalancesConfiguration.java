package io.daybook.query.balances;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(BalancesController.class)
public class QueryBalancesConfiguration {}
