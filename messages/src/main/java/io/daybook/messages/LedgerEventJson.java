package io.daybook.messages;

import static java.util.Objects.requireNonNull;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.events.StoredEvent;
import io.daybook.events.Times;
import io.daybook.events.UpcasterChain;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ledger events as canonical JSON (RFC 8785), which is what is stored and what the {@linkplain HashChain hash} is over; the
 * events' own annotations give the order of their members. What was hashed under the first version of the chain is read
 * here too, and made canonical as it was then, but not written any more.
 */
public final class LedgerEventJson {

    /** Of Jackson's defaults only the digits of escaped control characters are not those of RFC 8785. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .build();

    private static final JsonMapper OF_FIRST_VERSION =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /** In bytes; more is made room for. */
    private static final int ROOM_FOR_A_TRANSACTION = 512;

    private static final int UUID_LENGTH = 36;

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
     * An event's data in the form that its hash is over, if they may have been written otherwise on their way: members are
     * in another order, or characters escaped that need not be.
     *
     * @param chain the version of the hash chain that the event is hashed under
     */
    public static byte[] canonical(JsonNode data, int chain) {
        return (chain == HashChain.FIRST_VERSION ? OF_FIRST_VERSION : MAPPER).writeValueAsBytes(data);
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

    /**
     * An event with its place in history, in today's shape.
     *
     * @throws RuntimeException if its data cannot be read as an event of its type
     */
    public static RecordedEvent read(StoredEvent stored) {
        return new RecordedEvent(new LedgerId(stored.ledger()), stored.envelope(), read(stored.type(), stored.data()));
    }

    static LedgerEvent read(UpcasterChain chain, String type, byte[] data) {
        if (!chain.needsStep(type)) {
            EventType known = EventType.named(type);
            LedgerEvent posted = known == EventType.TRANSACTION_POSTED ? readPosted(data) : null;
            return posted == null ? MAPPER.readValue(data, known.eventClass()) : posted;
        }
        UpcasterChain.Upcasted upcasted = chain.upcast(type, MAPPER.readValue(data, OBJECT));
        return MAPPER.convertValue(upcasted.data(), upcasted.type().eventClass());
    }

    /**
     * As the annotations say, with less work, as it is written.
     *
     * @return null if it is not quite as {@link #write} writes it: then the annotations have it, or say what is wrong
     */
    private static @Nullable TransactionPosted readPosted(byte[] data) {
        UUID id = null;
        String reference = null;
        List<Posting> postings = null;
        Instant effectiveAt = null;
        Map<String, String> metadata = null;
        try (JsonParser json = MAPPER.createParser(data)) {
            json.nextToken();
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                switch (name) {
                    case "effectiveAt" -> effectiveAt = Times.parse(json.nextStringValue());
                    case "id" -> id = uuid(json.nextStringValue());
                    case "metadata" -> metadata = readMetadata(json);
                    case "postings" -> postings = readPostings(json);
                    case "reference" -> reference = requireNonNull(json.nextStringValue());
                    default -> {
                        return null;
                    }
                }
            }
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null
                    ? new TransactionPosted(
                            requireNonNull(id),
                            reference,
                            requireNonNull(postings),
                            requireNonNull(effectiveAt),
                            requireNonNull(metadata))
                    : null;
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static UUID uuid(String text) {
        if (text.length() != UUID_LENGTH) {
            throw new IllegalArgumentException("not in full");
        }
        return UUID.fromString(text);
    }

    private static Map<String, String> readMetadata(JsonParser json) {
        require(json.nextToken() == JsonToken.START_OBJECT);
        Map<String, String> metadata = new HashMap<>();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            metadata.put(name, requireNonNull(json.nextStringValue()));
        }
        require(json.currentToken() == JsonToken.END_OBJECT);
        return metadata;
    }

    private static List<Posting> readPostings(JsonParser json) {
        require(json.nextToken() == JsonToken.START_ARRAY);
        List<Posting> postings = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            postings.add(readPosting(json));
        }
        require(json.currentToken() == JsonToken.END_ARRAY);
        return postings;
    }

    private static Posting readPosting(JsonParser json) {
        Amount amount = null;
        Asset asset = null;
        AccountAddress destination = null;
        AccountAddress source = null;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            String value = requireNonNull(json.nextStringValue());
            switch (name) {
                case "amount" -> amount = Amount.parse(value);
                case "asset" -> asset = new Asset(value);
                case "destination" -> destination = new AccountAddress(value);
                case "source" -> source = new AccountAddress(value);
                default -> throw new IllegalArgumentException(name);
            }
        }
        require(json.currentToken() == JsonToken.END_OBJECT);
        return new Posting(
                requireNonNull(source), requireNonNull(destination), requireNonNull(asset), requireNonNull(amount));
    }

    private static void require(boolean isAsWritten) {
        if (!isAsWritten) {
            throw new IllegalArgumentException("not as it is written");
        }
    }
}
