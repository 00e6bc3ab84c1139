package io.daybook.command.posting;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(PostingController.class)
public class PostingConfiguration {}
