package io.daybook.command.accounts;

import io.daybook.command.intake.CommandIntake;
import io.daybook.command.intake.Identities;
import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Sets what accounts allow. */
@RestController
class ConfigureAccountController {

    record Body(
            @Nullable Overdraft overdraft,
            @Nullable Map<Asset, BalanceLimits> limits,
            @Nullable Boolean closed,
            @Nullable Map<String, String> metadata) {
        static final Body EMPTY = new Body(null, null, null, null);
    }

    private final CommandIntake commands;

    ConfigureAccountController(CommandIntake commands) {
        this.commands = commands;
    }

    @PutMapping("/v1/ledgers/{ledger}/accounts/{account}")
    ResponseEntity<Object> configure(
            @PathVariable("ledger") String ledgerName,
            @PathVariable("account") String accountName,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody(required = false) @Nullable Body given,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        Body body = given == null ? Body.EMPTY : given;
        AccountAddress account = RequestValues.account("account", accountName);
        check(account, body);
        ConfigureAccount command = new ConfigureAccount(
                ledger,
                Identities.of(ledger, key, caller, "configure account " + account, body)
                        .only(),
                account,
                body.overdraft(),
                body.limits(),
                body.closed(),
                body.metadata() == null ? null : Texts.metadata("metadata", body.metadata()));
        return commands.handle(command, caller);
    }

    private static void check(AccountAddress account, Body body) {
        if (account.isWorld() && (body.overdraft() != null || body.limits() != null || body.closed() != null)) {
            throw ProblemException.invalidField(
                    "account", "world has no bounds and is never closed; only metadata can be set");
        }
        if (body.limits() != null) {
            if (body.limits().size() > ConfigureAccount.MAX_ASSETS) {
                throw ProblemException.invalidField(
                        "limits", "names at most " + ConfigureAccount.MAX_ASSETS + " assets");
            }
            body.limits().forEach((asset, limits) -> {
                if (limits == null) {
                    throw ProblemException.invalidField("limits." + asset, "is an object with min, max or both");
                }
            });
        }
        if (body.overdraft() instanceof Overdraft.Limited(var limits) && limits.size() > ConfigureAccount.MAX_ASSETS) {
            throw ProblemException.invalidField(
                    "overdraft", "names at most " + ConfigureAccount.MAX_ASSETS + " assets");
        }
    }
}
