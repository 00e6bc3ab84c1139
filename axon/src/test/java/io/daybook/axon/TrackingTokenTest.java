package io.daybook.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.json.JacksonSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A token that cannot be read back is a projection that begins anew. */
class TrackingTokenTest {

    static Stream<TrackingToken> tokens() {
        TopicToken start = TopicToken.at(Map.of(new TopicPartition("daybook.events", 3), 7L));
        TopicToken later = TopicToken.at(Map.of(
                new TopicPartition("daybook.events", 3), 9L, new TopicPartition("daybook.events", 11), 1_000_000L));
        return Stream.of(TopicToken.at(Map.of()), later, ReplayToken.createReplayToken(later, start));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void comes_back_as_it_was_stored(TrackingToken token) {
        JacksonSerializer serializer = Tokens.serializer();
        SerializedObject<byte[]> stored = serializer.serialize(token, byte[].class);
        assertThat((TrackingToken) serializer.deserialize(stored)).isEqualTo(token);
    }
}
