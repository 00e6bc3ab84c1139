package io.daybook.projections.feed;

import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
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

/** Reads ledger events by their names of {@link EventType}, and metadata, both JSON; nothing else. */
final class LedgerEventSerializer implements Serializer {

    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private final Converter converter = new ChainingConverter();

    @Override
    public <T> SerializedObject<T> serialize(@Nullable Object object, Class<T> representation) {
        if (!(object instanceof LedgerEvent || object instanceof MetaData)) {
            throw new IllegalArgumentException("only ledger events and metadata are serialised, not " + object);
        }
        return new SimpleSerializedObject<>(
                converter.convert(PublishedEvent.JSON.writeValueAsBytes(object), representation),
                representation,
                typeForClass(object.getClass()));
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
                ? (T) MetaData.from(PublishedEvent.JSON.readValue(json, STRINGS))
                : (T) PublishedEvent.JSON.readValue(json, EventType.named(type).eventClass());
    }

    @Override
    public Class<?> classForType(SerializedType type) {
        return type.getName().equals(MetaData.class.getName())
                ? MetaData.class
                : EventType.named(type.getName()).eventClass();
    }

    @Override
    public SerializedType typeForClass(@Nullable Class type) {
        return new SimpleSerializedType(
                type == MetaData.class
                        ? MetaData.class.getName()
                        : EventType.of((Class<?>) type).eventName(),
                null);
    }

    @Override
    public Converter getConverter() {
        return converter;
    }
}
