package io.daybook.query.events;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(EventsController.class)
public class QueryEventsConfiguration {}
