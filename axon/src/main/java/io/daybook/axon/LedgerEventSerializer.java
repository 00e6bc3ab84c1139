package io.daybook.axon;

import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.UpcasterChain;
import io.daybook.messages.LedgerEventJson;
import java.util.Map;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.ChainingConverter;
import org.axonframework.serialization.Converter;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives Axon ledger events under their names of {@link EventType}, and metadata, both as JSON; nothing else. Events of
 * earlier versions are read in today's shape ({@link UpcasterChain}).
 *
 * <p>All instances are equal, and that is of use: Axon then passes on what it has read from the event store as it is
 * stored there, instead of writing it anew. What is published is the original that the hash is over, whatever its version.
 */
public final class LedgerEventSerializer implements Serializer {

    private static final JsonMapper METADATA = new JsonMapper();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private final Converter converter = new ChainingConverter();

    @Override
    public <T> SerializedObject<T> serialize(@Nullable Object object, Class<T> representation) {
        byte[] json =
                switch (object) {
                    case LedgerEvent event -> LedgerEventJson.write(event);
                    case MetaData metaData -> METADATA.writeValueAsBytes(metaData);
                    case null, default ->
                        throw new IllegalArgumentException("only ledger events and metadata are serialised, not "
                                + (object == null ? "null" : object.getClass().getName()));
                };
        return new SimpleSerializedObject<>(
                converter.convert(json, representation), representation, typeForClass(object.getClass()));
    }

    @Override
    public <T> boolean canSerializeTo(Class<T> representation) {
        return converter.canConvert(byte[].class, representation);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <S, T> T deserialize(SerializedObject<S> serialized) {
        byte[] json = converter.convert(serialized.getData(), serialized.getContentType(), byte[].class);
        String type = serialized.getType().getName();
        return type.equals(MetaData.class.getName())
                ? (T) MetaData.from(METADATA.readValue(json, STRINGS))
                : (T) LedgerEventJson.read(type, json);
    }

    @Override
    public Class<?> classForType(SerializedType type) {
        return type.getName().equals(MetaData.class.getName())
                ? MetaData.class
                : UpcasterChain.ofDaybook().currentType(type.getName()).eventClass();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public SerializedType typeForClass(@Nullable Class type) {
        return type == MetaData.class
                ? new SimpleSerializedType(MetaData.class.getName(), null)
                : new SimpleSerializedType(EventType.of((Class<?>) type).eventName(), null);
    }

    @Override
    public Converter getConverter() {
        return converter;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LedgerEventSerializer;
    }

    @Override
    public int hashCode() {
        return LedgerEventSerializer.class.hashCode();
    }
}
