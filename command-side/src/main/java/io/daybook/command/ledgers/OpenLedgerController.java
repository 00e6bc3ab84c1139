package io.daybook.command.ledgers;

import io.daybook.command.intake.CommandIntake;
import io.daybook.command.intake.Identities;
import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.events.LedgerId;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.RequestValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Opens ledgers. */
@RestController
class OpenLedgerController {

    record Body(@Nullable String region, @Nullable Map<String, String> metadata) {
        static final Body EMPTY = new Body(null, null);
    }

    private final CommandIntake commands;

    OpenLedgerController(CommandIntake commands) {
        this.commands = commands;
    }

    @PutMapping("/v1/ledgers/{ledger}")
    ResponseEntity<Object> open(
            @PathVariable("ledger") String ledgerName,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody(required = false) @Nullable Body given,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        Body body = given == null ? Body.EMPTY : given;
        OpenLedger command = new OpenLedger(
                ledger,
                Identities.of(ledger, key, caller, "open ledger", body).only(),
                Texts.region("region", body.region()),
                body.metadata() == null ? null : Texts.metadata("metadata", body.metadata()));
        return commands.handle(command, caller);
    }
}
