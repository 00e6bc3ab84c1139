package io.daybook.query.holds;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(HoldsController.class)
public class QueryHoldsConfiguration {}
