package io.daybook.command.accounts;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The controllers of this capability. */
@Configuration(proxyBeanMethods = false)
@Import(ConfigureAccountController.class)
public class AccountsConfiguration {}
