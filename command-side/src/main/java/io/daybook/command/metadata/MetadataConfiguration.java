package io.daybook.command.metadata;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(MetadataController.class)
public class MetadataConfiguration {}
