package io.daybook.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.daybook.stores.StoredTokens;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.json.JacksonSerializer;
import org.junit.jupiter.api.Test;
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

    /** Who proves what is stored reads the same without Axon. */
    @Test
    void is_read_from_what_is_stored_of_it() {
        TrackingToken journal = GapAwareTrackingToken.newInstance(7, List.of(3L));
        TrackingToken later = GapAwareTrackingToken.newInstance(1_000_000_000_000L, List.of());
        TrackingToken replayed = ReplayToken.createReplayToken(later, journal);
        TrackingToken begun = ReplayToken.createReplayToken(later, null);
        assertThat(position(journal)).isEqualTo(7);
        assertThat(position(later)).isEqualTo(1_000_000_000_000L);
        assertThat(position(replayed)).isEqualTo(7);
        assertThat(position(begun)).isEqualTo(begun.position().orElseThrow()).isZero();
        assertThat(StoredTokens.position(null, null)).isZero();

        TopicToken topic = TopicToken.at(Map.of(
                new TopicPartition("daybook.events", 3), 0L, new TopicPartition("day-book.events", 11), 1_000_000L));
        assertThat(offsets(topic)).isEqualTo(Map.of(3, 0L, 11, 1_000_000L));
        assertThat(offsets(topic.inKafka())).isEqualTo(Map.of(11, 1_000_000L));
        assertThat(offsets(TopicToken.at(Map.of()))).isEmpty();
        assertThat(offsets(journal)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> position(topic))
                .withMessageContaining(
                        "a token of type 'io.daybook.axon.TopicToken' is stored where one of the journal");
    }

    private static long position(TrackingToken token) {
        return StoredTokens.position(Tokens.write(token), token.getClass().getName());
    }

    private static Map<Integer, Long> offsets(TrackingToken token) {
        return StoredTokens.offsets(Tokens.write(token), token.getClass().getName());
    }
}
