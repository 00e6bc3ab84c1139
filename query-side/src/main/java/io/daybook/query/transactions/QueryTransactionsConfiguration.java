package io.daybook.query.transactions;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(TransactionsController.class)
public class QueryTransactionsConfiguration {}
