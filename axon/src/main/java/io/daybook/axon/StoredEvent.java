package io.daybook.axon;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.daybook.events.RecordedEvent;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * An event as it is stored: what is published of it is neither read nor written anew on the way.
 *
 * @param position in the whole journal, from 1
 * @param sequence in its ledger's journal, from 1
 * @param type the name and version that it is stored under
 * @param hash in hexadecimal
 * @param data its JSON, which the hash is over
 */
public record StoredEvent(
        long position,
        String ledger,
        long sequence,
        UUID id,
        String type,
        Instant recordedAt,
        String requestId,
        String actor,
        String hash,
        byte[] data) {

    /** What Axon calls the type of the aggregate that an event is of. */
    public static final String AGGREGATE_TYPE = "Ledger";

    private static final Header SPECIFICATION = header("ce_specversion", "1.0");
    private static final Header SOURCE = header("ce_source", EventsInKafka.SOURCE.toString());
    private static final Header CONTENT_TYPE = header("content-type", EventsInKafka.CONTENT_TYPE);
    private static final Header OF_LEDGER = header("ce_axonmessageaggregatetype", AGGREGATE_TYPE);

    /**
     * The message that {@link EventsInKafka#converter()} reads: a CloudEvent in the binary mode of its Kafka binding (version
     * 1.0), with the extensions that Axon's Kafka extension adds. It is what the converter writes too, without reading
     * and building what is not wanted on the way.
     */
    public ProducerRecord<String, byte[]> asMessage(String topic) {
        Headers headers = new RecordHeaders()
                .add(SPECIFICATION)
                .add(header("ce_id", id.toString()))
                .add(SOURCE)
                .add(header("ce_type", type))
                .add(CONTENT_TYPE)
                .add(header("ce_time", recordedAt.toString()))
                .add(header("ce_axonmessageaggregateid", ledger))
                .add(header("ce_axonmessageaggregateseq", Long.toString(axonSequence(sequence))))
                .add(OF_LEDGER)
                .add(header("ce_" + EventsInKafka.REQUEST_ID, requestId))
                .add(header("ce_" + EventsInKafka.ACTOR, actor))
                .add(header("ce_" + EventsInKafka.HASH, hash));
        return new ProducerRecord<>(topic, null, ledger, data, headers);
    }

    /** The number that Axon gives the event with this sequence: it counts the events of an aggregate from 0. */
    public static long axonSequence(long sequence) {
        return sequence - RecordedEvent.FIRST_SEQUENCE;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}
