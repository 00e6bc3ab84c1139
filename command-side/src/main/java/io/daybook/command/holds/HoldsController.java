package io.daybook.command.holds;

import static io.daybook.http.RequestValues.required;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.daybook.command.intake.CommandIntake;
import io.daybook.command.intake.Identities;
import io.daybook.command.intake.RequestedAmount;
import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.LedgerCommand.VoidHold;
import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Places, captures and voids holds. */
@RestController
class HoldsController {

    record HoldBody(
            @Nullable String id,
            @Nullable AccountAddress source,
            @Nullable AccountAddress destination,
            @Nullable Asset asset,
            @Nullable RequestedAmount amount,
            @Nullable String expiresAt,
            @Nullable Map<String, String> metadata) {}

    record CaptureBody(
            @Nullable RequestedAmount amount,
            @Nullable AccountAddress destination,
            @JsonProperty("final") @Nullable Boolean closing) {
        static final CaptureBody EMPTY = new CaptureBody(null, null, null);
    }

    record VoidBody() {}

    private final CommandIntake commands;

    HoldsController(CommandIntake commands) {
        this.commands = commands;
    }

    @PostMapping("/v1/ledgers/{ledger}/holds")
    ResponseEntity<Object> place(
            @PathVariable("ledger") String ledgerName,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody HoldBody body,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        UUID chosen = body.id() == null ? null : RequestValues.uuid("id", body.id());
        AccountAddress source = required("source", body.source());
        if (source.equals(body.destination())) {
            throw ProblemException.invalidField("destination", "is another account than the source");
        }
        Identity identity =
                Identities.of(ledger, key, caller, "place hold", body).ofItem(0, chosen);
        return commands.handle(
                new PlaceHold(
                        ledger,
                        identity,
                        chosen == null ? identity.eventId() : chosen,
                        source,
                        body.destination(),
                        required("asset", body.asset()),
                        RequestedAmount.exactly("amount", required("amount", body.amount())),
                        body.expiresAt() == null ? null : RequestValues.time("expiresAt", body.expiresAt()),
                        Texts.metadata("metadata", body.metadata())),
                caller);
    }

    @PostMapping("/v1/ledgers/{ledger}/holds/{id}/capture")
    ResponseEntity<Object> capture(
            @PathVariable("ledger") String ledgerName,
            @PathVariable("id") String id,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody(required = false) @Nullable CaptureBody given,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        UUID hold = RequestValues.uuid("id", id);
        CaptureBody body = given == null ? CaptureBody.EMPTY : given;
        return commands.handle(
                new CaptureHold(
                        ledger,
                        Identities.of(ledger, key, caller, "capture hold " + hold, body)
                                .only(),
                        hold,
                        body.amount() == null ? null : RequestedAmount.exactly("amount", body.amount()),
                        body.destination(),
                        Boolean.TRUE.equals(body.closing())),
                caller);
    }

    @PostMapping("/v1/ledgers/{ledger}/holds/{id}/void")
    ResponseEntity<Object> release(
            @PathVariable("ledger") String ledgerName,
            @PathVariable("id") String id,
            @RequestHeader(name = Headers.IDEMPOTENCY_KEY, required = false) @Nullable String key,
            @RequestBody(required = false) @Nullable VoidBody body,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        UUID hold = RequestValues.uuid("id", id);
        Identity identity = Identities.of(ledger, key, caller, "void hold " + hold, Map.of())
                .only();
        return commands.handle(new VoidHold(ledger, identity, hold), caller);
    }
}
