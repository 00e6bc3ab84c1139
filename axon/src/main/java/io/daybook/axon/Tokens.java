package io.daybook.axon;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.common.io.IOUtils;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.JdbcException;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.AbstractTokenEntry;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.json.JacksonSerializer;
import org.jspecify.annotations.Nullable;

/** Where Axon's processors have come to, in a table {@code token_entry}. */
public final class Tokens {

    /** For so long a claim lasts that is not extended: then whoever has it is taken to be gone, and another node may have it. */
    public static final Duration CLAIM = Duration.ofSeconds(5);

    /** How often a claim is extended, and how often one that another node has is asked for. */
    public static final Duration CLAIM_INTERVAL = Duration.ofSeconds(1);

    private Tokens() {}

    public static TokenStore store(ConnectionProvider connections) {
        return store(connections, ManagementFactory.getRuntimeMXBean().getName());
    }

    /**
     * @param node who claims tokens in it; a process by default
     */
    public static TokenStore store(ConnectionProvider connections, String node) {
        return new ClaimedTokens(
                JdbcTokenStore.builder()
                        .nodeId(node)
                        .claimTimeout(CLAIM)
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
                        .serializer(serializer()),
                node);
    }

    /**
     * Has a claim only for who has taken it, and has read the token with it. Axon's also gives it to who stores a token or
     * extends his claim, if nobody has it at that moment: but whoever had it meanwhile may have gone on to another topic, in
     * which the offsets of the old one pass over events.
     */
    private static final class ClaimedTokens extends JdbcTokenStore {

        private final String node;

        ClaimedTokens(Builder builder, String node) {
            super(builder);
            this.node = node;
        }

        @Override
        protected void updateToken(
                Connection connection, ResultSet stored, TrackingToken token, String processor, int segment) {
            throw notClaimed(processor, segment);
        }

        @Override
        public void extendClaim(String processor, int segment) {
            Connection connection = getConnection();
            try (PreparedStatement update = connection.prepareStatement("update token_entry set timestamp = ?"
                    + " where owner = ? and processor_name = ? and segment = ?")) {
                update.setString(1, DateTimeUtils.formatInstant(AbstractTokenEntry.clock.instant()));
                update.setString(2, node);
                update.setString(3, processor);
                update.setInt(4, segment);
                if (update.executeUpdate() == 0) {
                    throw notClaimed(processor, segment);
                }
            } catch (SQLException e) {
                throw new JdbcException("the claim of %s[%d] cannot be extended".formatted(processor, segment), e);
            } finally {
                IOUtils.closeQuietly(connection);
            }
        }

        private UnableToClaimTokenException notClaimed(String processor, int segment) {
            return new UnableToClaimTokenException(
                    "the token of %s[%d] is not claimed by %s, or not any more: it has to be claimed, and read, anew"
                            .formatted(processor, segment, node));
        }
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
        return new TokenSerializer();
    }

    /** Reads also what was stored before there were tokens of our own. */
    private static final class TokenSerializer extends JacksonSerializer {

        TokenSerializer() {
            super(JacksonSerializer.builder().objectMapper(new ObjectMapper()));
        }

        @Override
        @SuppressWarnings("unchecked") // who asks for a token takes any
        public <S, T> T deserialize(SerializedObject<S> stored) {
            T read = super.deserialize(stored);
            return read instanceof KafkaTrackingToken token ? (T) TopicToken.storedAs(token) : read;
        }
    }
}
