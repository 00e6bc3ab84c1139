package io.daybook.command.imports;

import io.daybook.command.intake.CommandIntake;
import io.daybook.command.ledger.LedgerCommand.AppendHistory;
import io.daybook.command.ledger.PastCommand;
import io.daybook.command.ledger.PastEvent;
import io.daybook.events.LedgerId;
import io.daybook.http.Caller;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes over a ledger's history, one piece a request. A piece is recorded whole or not at all; from the first piece to the
 * last nothing else is recorded in the ledger.
 */
@RestController
class ImportController {

    private static final String NDJSON = "application/x-ndjson";

    private final CommandIntake commands;

    ImportController(CommandIntake commands) {
        this.commands = commands;
    }

    /**
     * @param complete whether nothing more follows; without any event it ends an import where it stands
     */
    @PostMapping(path = "/v1/ledgers/{ledger}/events", consumes = NDJSON)
    ResponseEntity<Object> append(
            @PathVariable("ledger") String ledgerName,
            @RequestParam(name = "complete", defaultValue = "false") boolean complete,
            @RequestBody(required = false) byte @Nullable [] body,
            Caller caller) {
        LedgerId ledger = RequestValues.ledger(ledgerName);
        // Whoever sends one piece after the other has to know what came of each: there is nothing to be done later.
        Caller waiting = caller.waiting();
        AppendHistory append = read(ledger, body == null ? new byte[0] : body, complete);
        if (append.events().isEmpty() && append.commands().isEmpty() && !complete) {
            throw ProblemException.invalidField(
                    "body", "has at least one event, one a line; without any, ?complete=true ends an import");
        }
        return commands.handle(append, waiting);
    }

    private static AppendHistory read(LedgerId ledger, byte[] body, boolean complete) {
        List<PastEvent> events = new ArrayList<>();
        List<PastCommand> remembered = new ArrayList<>();
        Instant now = Instant.now();
        int number = 0;
        for (String line : utf8(body).split("\n")) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            if (events.size() + remembered.size() == AppendHistory.MAX_EVENTS) {
                throw new ProblemException(
                        ProblemCode.TOO_LARGE,
                        "a request has at most " + AppendHistory.MAX_EVENTS
                                + " events; send the next ones when this one is answered");
            }
            EventLine read = EventLine.read("line " + number, line);
            if (read.isCommand()) {
                remembered.add(read.command(ledger));
            } else {
                events.add(read.of(ledger, now));
            }
        }
        return new AppendHistory(ledger, events, remembered, complete);
    }

    /** What is no UTF-8 is not read as something else, which would then be told to have another hash. */
    private static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(ProblemCode.MALFORMED_REQUEST, "the body is not UTF-8 throughout");
        }
    }
}
