package io.daybook.query.commands;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(CommandsController.class)
public class QueryCommandsConfiguration {}
