package io.daybook.command.imports;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(ImportController.class)
public class ImportsConfiguration {}
