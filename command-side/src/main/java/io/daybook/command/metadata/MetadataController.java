package io.daybook.command.metadata;

import io.daybook.command.intake.CommandIntake;
import io.daybook.command.intake.Identities;
import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.RequestValues;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Changes metadata: what is given is set, null removes, the rest stays (a JSON Merge Patch, RFC 7396). */
@RestController
class MetadataController {

    private final CommandIntake commands;

    MetadataController(CommandIntake commands) {
        this.commands = commands;
    }

    @PatchMapping("/v1/ledgers/{ledger}/metadata")
    ResponseEntity<Object> ofLedger(
            @PathVariable("ledger") String ledger,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody Map<String, @Nullable String> changes,
            Caller caller) {
        return change(RequestValues.ledger(ledger), null, null, key, changes, caller);
    }

    @PatchMapping("/v1/ledgers/{ledger}/accounts/{account}/metadata")
    ResponseEntity<Object> ofAccount(
            @PathVariable("ledger") String ledger,
            @PathVariable("account") String account,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody Map<String, @Nullable String> changes,
            Caller caller) {
        return change(
                RequestValues.ledger(ledger), RequestValues.account("account", account), null, key, changes, caller);
    }

    @PatchMapping("/v1/ledgers/{ledger}/transactions/{id}/metadata")
    ResponseEntity<Object> ofTransaction(
            @PathVariable("ledger") String ledger,
            @PathVariable("id") String transaction,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody Map<String, @Nullable String> changes,
            Caller caller) {
        return change(RequestValues.ledger(ledger), null, RequestValues.uuid("id", transaction), key, changes, caller);
    }

    private ResponseEntity<Object> change(
            LedgerId ledger,
            @Nullable AccountAddress account,
            @Nullable UUID transaction,
            @Nullable String key,
            Map<String, @Nullable String> given,
            Caller caller) {
        Map<String, @Nullable String> changes = Texts.changes(given);
        String action = "change metadata of " + (account == null ? String.valueOf(transaction) : account);
        Identity identity = Identities.of(ledger, key, caller, action, changes).only();
        return commands.handle(new ChangeMetadata(ledger, identity, account, transaction, changes), caller);
    }
}
