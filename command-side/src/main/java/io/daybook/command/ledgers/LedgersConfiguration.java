package io.daybook.command.ledgers;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(OpenLedgerController.class)
public class LedgersConfiguration {}
