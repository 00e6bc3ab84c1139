package io.daybook.axon;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.json.JacksonSerializer;
import org.jspecify.annotations.Nullable;

/** Where Axon's processors have come to, in a table {@code token_entry}. */
public final class Tokens {

    private Tokens() {}

    public static TokenStore store(ConnectionProvider connections) {
        return JdbcTokenStore.builder()
                .connectionProvider(connections)
                .schema(TokenSchema.builder()
                        .setTokenTable("token_entry")
                        .setProcessorNameColumn("processor_name")
                        .setSegmentColumn("segment")
                        .setTokenColumn("token")
                        .setTokenTypeColumn("token_type")
                        .setTimestampColumn("timestamp")
                        .setOwnerColumn("owner")
                        .build())
                .contentType(byte[].class)
                .serializer(serializer())
                .build();
    }

    /**
     * Reads what is stored of a token.
     *
     * @param type its class, as it is stored
     */
    public static @Nullable TrackingToken read(byte @Nullable [] token, String type) {
        return token == null
                ? null
                : serializer().deserialize(new SimpleSerializedObject<>(token, byte[].class, type, null));
    }

    /** What is stored of a token; its type is its class. */
    public static byte[] write(TrackingToken token) {
        return serializer().serialize(token, byte[].class).getData();
    }

    static JacksonSerializer serializer() {
        return JacksonSerializer.builder().objectMapper(new ObjectMapper()).build();
    }
}
