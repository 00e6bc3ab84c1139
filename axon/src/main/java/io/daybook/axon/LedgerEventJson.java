package io.daybook.axon;

import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.UpcasterChain;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Ledger events as canonical JSON; the events' own annotations say how. */
public final class LedgerEventJson {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private LedgerEventJson() {}

    public static byte[] write(LedgerEvent event) {
        return MAPPER.writeValueAsBytes(event);
    }

    public static String writeText(LedgerEvent event) {
        return MAPPER.writeValueAsString(event);
    }

    /**
     * Reads what was stored or published, in today's shape.
     *
     * @param type the name under which it was written: one of {@link EventType}, or an earlier one
     * @throws IllegalArgumentException if this version of Daybook does not know the type
     */
    public static LedgerEvent read(String type, byte[] data) {
        return read(UpcasterChain.ofDaybook(), type, data);
    }

    static LedgerEvent read(UpcasterChain chain, String type, byte[] data) {
        if (!chain.needsStep(type)) {
            return MAPPER.readValue(data, EventType.named(type).eventClass());
        }
        UpcasterChain.Upcasted upcasted = chain.upcast(type, MAPPER.readValue(data, OBJECT));
        return MAPPER.convertValue(upcasted.data(), upcasted.type().eventClass());
    }
}
