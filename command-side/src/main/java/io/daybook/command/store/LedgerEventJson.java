package io.daybook.command.store;

import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import tools.jackson.databind.json.JsonMapper;

/** Ledger events as canonical JSON; the events' own annotations say how. */
final class LedgerEventJson {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private LedgerEventJson() {}

    static byte[] write(LedgerEvent event) {
        return MAPPER.writeValueAsBytes(event);
    }

    static LedgerEvent read(String type, byte[] data) {
        return MAPPER.readValue(data, EventType.named(type).eventClass());
    }
}
