package io.daybook.query.ledgers;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(LedgersController.class)
public class QueryLedgersConfiguration {}
