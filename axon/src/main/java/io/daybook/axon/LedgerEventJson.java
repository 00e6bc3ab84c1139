package io.daybook.axon;

import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import io.daybook.events.Times;
import io.daybook.events.UpcasterChain;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Ledger events as canonical JSON; the events' own annotations say how. */
public final class LedgerEventJson {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /** In bytes; more is made room for. */
    private static final int ROOM_FOR_A_TRANSACTION = 512;

    private LedgerEventJson() {}

    public static byte[] write(LedgerEvent event) {
        return event instanceof TransactionPosted posted ? write(posted) : MAPPER.writeValueAsBytes(event);
    }

    /**
     * As the annotations say, with less work: nearly all of every journal are these. What is null is left out; a history
     * from elsewhere may lack anything before it is looked at.
     */
    private static byte[] write(TransactionPosted posted) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ROOM_FOR_A_TRANSACTION);
        try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            if (posted.effectiveAt() != null) {
                json.writeStringProperty("effectiveAt", Times.text(posted.effectiveAt()));
            }
            if (posted.id() != null) {
                json.writeStringProperty("id", posted.id().toString());
            }
            json.writeObjectPropertyStart("metadata");
            posted.metadata().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("postings");
            for (Posting posting : posted.postings()) {
                json.writeStartObject();
                json.writeStringProperty("amount", posting.amount().toString());
                json.writeStringProperty("asset", posting.asset().name());
                json.writeStringProperty("destination", posting.destination().value());
                json.writeStringProperty("source", posting.source().value());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (posted.reference() != null) {
                json.writeStringProperty("reference", posted.reference());
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
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
