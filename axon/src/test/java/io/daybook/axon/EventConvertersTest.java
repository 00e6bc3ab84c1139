package io.daybook.axon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventSerializer;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent.Metadata;
import io.daybook.events.StoredEvent;
import io.daybook.messages.EventMessages;
import io.daybook.messages.LedgerEventJson;
import io.daybook.messages.UnreadableMessage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventConvertersTest {

    private static final TransactionPosted TRANSACTION = new TransactionPosted(
            UUID.fromString("0190b1a0-0000-7000-8000-000000000001"),
            "réf-1",
            List.of(new Posting(
                    new AccountAddress("world"), new AccountAddress("alice"), new Asset("USD/2"), Amount.of(1))),
            Instant.parse("2026-01-02T03:04:05Z"),
            Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:00Z", "2026-01-02T03:04:05.120Z"})
    void its_message_is_the_one_that_axons_converter_writes(Instant recordedAt) {
        StoredEvent stored = new StoredEvent(
                "acme",
                new Envelope(
                        7,
                        UUID.fromString("0190b1a0-0000-7000-8000-000000000002"),
                        recordedAt,
                        "request \u00e9\u20ac",
                        "søren",
                        2,
                        "ab".repeat(32)),
                "daybook.transaction-posted.v1",
                null,
                LedgerEventJson.write(TRANSACTION));

        ProducerRecord<String, byte[]> message = EventMessages.message(stored, "daybook.events");

        ProducerRecord<String, CloudEvent> ofAxon = EventConverters.cloudEvents()
                .createKafkaMessage(
                        new GenericDomainEventMessage<>(
                                "Ledger",
                                "acme",
                                6,
                                new GenericMessage<>(
                                        stored.id().toString(),
                                        TRANSACTION,
                                        MetaData.with(Metadata.REQUEST_ID, stored.requestId())
                                                .and(Metadata.ACTOR, stored.actor())
                                                .and(Metadata.CHAIN, "2")
                                                .and(Metadata.HASH, stored.hash())),
                                () -> recordedAt),
                        "daybook.events");
        byte[] data = new CloudEventSerializer().serialize("daybook.events", ofAxon.headers(), ofAxon.value());
        assertThat(message.topic()).isEqualTo(ofAxon.topic());
        assertThat(message.key()).isEqualTo(ofAxon.key());
        assertThat(message.value()).isEqualTo(data);
        assertThat(texts(message.headers())).isEqualTo(texts(ofAxon.headers()));
        assertThat(EventMessages.event(received(message)))
                .usingRecursiveComparison()
                .isEqualTo(stored);
        assertThat(LedgerEventJson.read(stored).event()).isEqualTo(TRANSACTION);
    }

    @Test
    void its_message_has_the_trace_that_the_client_began_as_cloud_events_have_it() {
        StoredEvent stored = new StoredEvent(
                "acme",
                new Envelope(
                        7,
                        UUID.randomUUID(),
                        Instant.EPOCH,
                        "0190b1a0-0000-7000-8000-000000000002",
                        "actor",
                        2,
                        "ab".repeat(32)),
                "daybook.transaction-posted.v1",
                UUID.fromString("faf76519-16cd-43dd-8448-eb211c80319c"),
                LedgerEventJson.write(TRANSACTION));

        ProducerRecord<String, byte[]> message = EventMessages.message(stored, "daybook.events");

        assertThat(message.headers().lastHeader("ce_traceparent").value())
                .asString(UTF_8)
                .isEqualTo("00-faf7651916cd43dd8448eb211c80319c-8000000000000002-01");
        assertThat(EventMessages.event(received(message)))
                .usingRecursiveComparison()
                .isEqualTo(stored);
        message.headers().remove("ce_traceparent").add("ce_traceparent", "00-x".getBytes(UTF_8));
        assertThat(EventMessages.event(received(message)).trace()).isNull();
    }

    /** What was recorded before there was a second version of the chain is published again as it was. */
    @Test
    void a_message_of_the_first_version_of_the_chain_does_not_say_it() {
        ProducerRecord<String, byte[]> message = EventMessages.message(ofFirstVersion(), "daybook.events");

        assertThat(message.headers().lastHeader("ce_chain")).isNull();
        assertThat(EventMessages.event(received(message)).chain()).isEqualTo(1);
        message.headers().add("ce_chain", "two".getBytes(UTF_8));
        assertThat(read(message).fault()).contains("is not an event of a ledger");
    }

    @Test
    void a_message_that_is_not_an_event_is_named_and_not_left_out() {
        ProducerRecord<String, byte[]> stranger = new ProducerRecord<>("daybook.events", "acme", new byte[0]);
        ProducerRecord<String, byte[]> withoutType = EventMessages.message(ofFirstVersion(), "daybook.events");
        withoutType.headers().remove("ce_type");

        assertThat(read(stranger).ledger()).isNull();
        assertThat(read(stranger).fault())
                .contains("message 9 in partition 3 of daybook.events is not an event of a ledger")
                .contains("ce_axonmessageaggregateid");
        assertThat(read(withoutType).ledger()).isEqualTo(new LedgerId("acme"));
        assertThat(read(withoutType).sequence()).isEqualTo(7);
        assertThat(read(withoutType).fault()).contains("it has no header ce_type");
    }

    private static StoredEvent ofFirstVersion() {
        return new StoredEvent(
                "acme",
                new Envelope(
                        7,
                        UUID.randomUUID(),
                        Instant.EPOCH,
                        "request",
                        "actor",
                        HashChain.FIRST_VERSION,
                        "ab".repeat(32)),
                "daybook.transaction-posted.v1",
                null,
                LedgerEventJson.write(TRANSACTION));
    }

    private static UnreadableMessage read(ProducerRecord<String, byte[]> message) {
        return (UnreadableMessage) EventConverters.storedEvents()
                .readKafkaMessage(received(message))
                .orElseThrow()
                .getPayload();
    }

    private static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
        ConsumerRecord<String, byte[]> received = new ConsumerRecord<>(sent.topic(), 3, 9, sent.key(), sent.value());
        sent.headers().forEach(received.headers()::add);
        return received;
    }

    private static Map<String, Object> texts(Headers headers) {
        Map<String, Object> texts = new TreeMap<>();
        headers.forEach(header -> {
            String text = new String(header.value(), UTF_8);
            // A time may be written with or without zeros at its end.
            Object before = texts.put(header.key(), header.key().equals("ce_time") ? Instant.parse(text) : text);
            assertThat(before).as(header.key()).isNull();
        });
        return texts;
    }
}
