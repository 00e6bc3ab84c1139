package io.daybook.cli.export;

import io.daybook.events.LedgerId;
import java.io.IOException;
import java.io.Writer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON document a line: every event with the name of its ledger, and with the fingerprint of its request if that had an
 * idempotency key; after it the commands with a key that were answered when the ledger had come so far, and led to no event.
 */
final class EventLines {

    private final LedgerId ledger;
    private final KeyedCommandPages commands;
    private final Writer out;

    EventLines(LedgerId ledger, KeyedCommandPages commands, Writer out) {
        this.ledger = ledger;
        this.commands = commands;
        this.out = out;
    }

    void append(JsonNode event) throws IOException {
        ObjectNode line = line(event);
        ObjectNode last = line;
        for (JsonNode command : commands.upTo(event.path("sequence").asLong())) {
            if (command.has("remembered")) {
                write(last);
                last = line(command);
            } else {
                line.set("fingerprint", command.path("fingerprint"));
            }
        }
        write(last);
    }

    private ObjectNode line(JsonNode document) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("ledger", ledger.value())
                .setAll((ObjectNode) document);
    }

    private void write(ObjectNode line) throws IOException {
        out.append(line.toString()).append('\n');
    }
}
