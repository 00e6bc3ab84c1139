package io.daybook.command.exports;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(KeyedCommandsController.class)
public class ExportsConfiguration {}
