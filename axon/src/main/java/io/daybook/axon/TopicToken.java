package io.daybook.axon;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.KafkaTrackingToken;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.TopicPartitionDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * How far a topic has been read: the last offset of each partition. A partition of which nothing has been read has none, and
 * lies before the first event, so that bounds and what is covered are right also then. To the Kafka extension's token (4.9.0),
 * which this stands in for, such a partition is at offset 0 in a bound, as if its first event had been read.
 *
 * <p>Its name and its JSON are stored with every token.
 */
public final class TopicToken implements TrackingToken {

    @JsonDeserialize(keyUsing = TopicPartitionDeserializer.class)
    private final Map<TopicPartition, Long> positions;

    private TopicToken(Map<TopicPartition, Long> positions) {
        this.positions = positions;
    }

    /**
     * @param positions the last offset that was read of each partition; of which nothing was read, is not in it
     */
    @JsonCreator
    public static TopicToken at(@JsonProperty("positions") Map<TopicPartition, Long> positions) {
        return new TopicToken(Map.copyOf(positions));
    }

    /** Where an event lies that the extension has read. It is not copied: every event of the topic has one. */
    public static TopicToken of(KafkaTrackingToken token) {
        return new TopicToken(token.getPositions());
    }

    /**
     * A token that was stored as the extension's. It may have a bound of such tokens in it, so that its offset 0 says that the
     * first event was read, or that none was. The event is read again: who has it knows it.
     */
    static TopicToken storedAs(KafkaTrackingToken token) {
        Map<TopicPartition, Long> known = new HashMap<>(token.getPositions());
        known.values().removeIf(offset -> offset == 0);
        return at(known);
    }

    /** From where the extension goes on reading. */
    public KafkaTrackingToken inKafka() {
        return KafkaTrackingToken.newInstance(positions);
    }

    /** The last offset that was read of each partition; of which nothing was read, is not in it. */
    @JsonProperty
    public Map<TopicPartition, Long> positions() {
        return positions;
    }

    @Override
    public TopicToken lowerBound(TrackingToken other) {
        Map<TopicPartition, Long> others = positionsOf(other);
        Map<TopicPartition, Long> bound = new HashMap<>(positions);
        bound.keySet().retainAll(others.keySet());
        bound.replaceAll((partition, offset) -> Math.min(offset, others.get(partition)));
        return at(bound);
    }

    @Override
    public TopicToken upperBound(TrackingToken other) {
        Map<TopicPartition, Long> bound = new HashMap<>(positions);
        positionsOf(other).forEach((partition, offset) -> bound.merge(partition, offset, Math::max));
        return at(bound);
    }

    @Override
    public boolean covers(TrackingToken other) {
        return positionsOf(other).entrySet().stream().allMatch(position -> {
            Long offset = positions.get(position.getKey());
            return offset != null && position.getValue() <= offset;
        });
    }

    private static Map<TopicPartition, Long> positionsOf(TrackingToken other) {
        if (other instanceof TopicToken token) {
            return token.positions;
        }
        throw new IllegalArgumentException("a token of a topic cannot be compared with " + other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TopicToken token && positions.equals(token.positions);
    }

    @Override
    public int hashCode() {
        return positions.hashCode();
    }

    @Override
    public String toString() {
        return "TopicToken" + positions;
    }
}
