package io.daybook.query.projections;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(ProjectionsController.class)
public class QueryProjectionsConfiguration {}
