package io.daybook.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cloudevents.CloudEvent;
import io.daybook.events.LedgerEvent;
import io.daybook.events.RecordedEvent;
import io.daybook.messages.LedgerEventJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.junit.jupiter.api.Test;

class LedgerEventSerializerTest {

    private final LedgerEventSerializer serializer = new LedgerEventSerializer();

    @Test
    void it_reads_what_is_stored_under_an_events_name_and_refuses_a_version_that_is_not_known() {
        LedgerEvent event = new LedgerEvent.LedgerOpened("first", Map.of("k", "v"));
        byte[] stored = LedgerEventJson.write(event);

        assertThat((LedgerEvent) serializer.deserialize(
                        new SimpleSerializedObject<>(stored, byte[].class, "daybook.ledger-opened.v1", null)))
                .isEqualTo(event);
        assertThat(serializer.serialize(event, byte[].class).getData()).isEqualTo(stored);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> serializer.deserialize(
                        new SimpleSerializedObject<>(stored, byte[].class, "daybook.transaction-posted.v99", null)))
                .withMessageContaining("upgrade this one");
    }

    /** The spaces tell whether it was written anew. */
    @Test
    void what_the_event_store_has_is_published_byte_for_byte_and_not_written_anew() {
        byte[] stored = "{ \"metadata\" : {} }".getBytes(StandardCharsets.UTF_8);
        MetaData metaData = MetaData.with(RecordedEvent.Metadata.HASH, "00");
        var entry = new GenericDomainEventEntry<>(
                "Ledger",
                "acme",
                0,
                "0198c0de-0000-7000-8000-000000000003",
                "2026-01-31T09:00:00Z",
                "daybook.ledger-opened.v1",
                null,
                stored,
                serializer.serialize(metaData, byte[].class).getData());
        // As the publication reads it.
        EventMessage<?> read = EventUtils.upcastAndDeserializeTrackedEvents(
                        Stream.of(new TrackedDomainEventData<>(new GlobalSequenceTrackingToken(1), entry)),
                        serializer,
                        new EventUpcasterChain())
                .findFirst()
                .orElseThrow();
        assertThat(read.getPayload()).isEqualTo(new LedgerEvent.LedgerOpened(null, Map.of()));

        CloudEvent published =
                EventConverters.cloudEvents().createKafkaMessage(read, "events").value();

        assertThat(published.getType()).isEqualTo("daybook.ledger-opened.v1");
        assertThat(published.getData().toBytes()).isEqualTo(stored);
    }
}
