package io.daybook.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daybook.stores.StoredTokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
import org.junit.jupiter.api.Test;

class TopicTokenTest {

    /** A partition is at one of these, the first of which is before all. */
    private static final List<Long> OFFSETS = List.of(-1L, 0L, 1L, 7L);

    private static TopicPartition partition(int partition) {
        return new TopicPartition("daybook.events", partition);
    }

    private static TopicToken token(long... offsets) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] >= 0) {
                positions.put(partition(i), offsets[i]);
            }
        }
        return TopicToken.at(positions);
    }

    private static List<TopicToken> all() {
        List<TopicToken> all = new ArrayList<>();
        for (long first : OFFSETS) {
            for (long second : OFFSETS) {
                all.add(token(first, second));
            }
        }
        return all;
    }

    @Test
    void the_first_event_of_a_partition_is_not_below_a_token_that_lacks_it() {
        TopicToken stored = token(4);
        TopicToken scheduled = token(4, 0);

        assertThat(scheduled.lowerBound(stored)).isEqualTo(stored).isNotEqualTo(scheduled);
        assertThat(stored.lowerBound(scheduled)).isEqualTo(stored);
        assertThat(stored.covers(scheduled)).isFalse();
    }

    /** What a token covers are events; bounds are the events of both, and of one or the other. */
    @Test
    void bounds_are_of_what_is_covered() {
        for (TopicToken one : all()) {
            for (TopicToken other : all()) {
                TopicToken lower = one.lowerBound(other);
                TopicToken upper = one.upperBound(other);
                for (TopicToken event :
                        Set.of(token(0), token(1), token(7), token(-1, 0), token(-1, 1), token(-1, 7))) {
                    assertThat(lower.covers(event))
                            .as("%s in %s", event, lower)
                            .isEqualTo(one.covers(event) && other.covers(event));
                    assertThat(upper.covers(event))
                            .as("%s in %s", event, upper)
                            .isEqualTo(one.covers(event) || other.covers(event));
                }
                assertThat(lower).isEqualTo(other.lowerBound(one));
                assertThat(upper).isEqualTo(other.upperBound(one));
                assertThat(one.covers(other)).isEqualTo(upper.equals(one)).isEqualTo(lower.equals(other));
                assertThat(one.samePositionAs(other)).isEqualTo(one.equals(other));
            }
        }
    }

    @Test
    void reading_goes_on_in_kafka_after_what_was_read() {
        assertThat(token(-1, 7).inKafka().getPositions()).isEqualTo(Map.of(partition(1), 7L));
        assertThat(TopicToken.of(KafkaTrackingToken.newInstance(Map.of(partition(1), 0L))))
                .isEqualTo(token(-1, 0));
    }

    @Test
    void a_token_of_something_else_is_refused() {
        assertThatThrownBy(() -> token(1).covers(GapAwareTrackingToken.newInstance(1, Set.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a token of a topic cannot be compared with");
    }

    /** As it was stored until there were tokens of our own: an offset 0 may be that of an event that nobody has read. */
    @Test
    void what_was_stored_as_the_extensions_token_is_read_and_its_first_events_again() {
        byte[] stored =
                "{\"positions\":{\"daybook.events-3\":7,\"daybook.events-11\":0}}".getBytes(StandardCharsets.UTF_8);
        String type = "org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken";

        assertThat(Tokens.read(stored, type)).isEqualTo(TopicToken.at(Map.of(partition(3), 7L)));
        assertThat(StoredTokens.offsets(stored, type)).isEqualTo(Map.of(3, 7L));
    }

    @Test
    void it_is_stored_under_this_name_and_in_this_form() {
        TopicToken token = TopicToken.at(Map.of(partition(3), 0L));
        byte[] stored = "{\"positions\":{\"daybook.events-3\":0}}".getBytes(StandardCharsets.UTF_8);

        assertThat(Tokens.write(token)).isEqualTo(stored);
        assertThat(Tokens.read(stored, "io.daybook.axon.TopicToken")).isEqualTo(token);
        assertThat(StoredTokens.offsets(stored, "io.daybook.axon.TopicToken")).isEqualTo(Map.of(3, 0L));
    }
}
