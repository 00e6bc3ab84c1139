package io.daybook.axon;

import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import tools.jackson.databind.json.JsonMapper;

/** Ledger events as canonical JSON; the events' own annotations say how. */
public final class LedgerEventJson {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private LedgerEventJson() {}

    public static byte[] write(LedgerEvent event) {
        return MAPPER.writeValueAsBytes(event);
    }

    public static String writeText(LedgerEvent event) {
        return MAPPER.writeValueAsString(event);
    }

    /**
     * @param type a name of {@link EventType}
     * @throws IllegalArgumentException if this version of Daybook does not know the type
     */
    public static LedgerEvent read(String type, byte[] data) {
        return MAPPER.readValue(data, EventType.named(type).eventClass());
    }
}
