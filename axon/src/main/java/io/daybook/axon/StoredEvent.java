package io.daybook.axon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.events.Times;
import io.daybook.events.Traces;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored. What is published of it is neither read nor written anew on the way, and whoever reads it in
 * Kafka has it as it was stored.
 *
 * @param sequence in its ledger's journal, from 1
 * @param type the name and version that it is stored under
 * @param chain the version of the {@linkplain HashChain hash chain} that the hash is of
 * @param hash in hexadecimal
 * @param trace that the client began whose request led to it; null if it began none: then it follows from the request id
 * @param data its JSON, which the hash is over
 */
public record StoredEvent(
        String ledger,
        long sequence,
        UUID id,
        String type,
        Instant recordedAt,
        String requestId,
        String actor,
        int chain,
        String hash,
        @Nullable UUID trace,
        byte[] data) {

    /** What Axon calls the type of the aggregate that an event is of. */
    public static final String AGGREGATE_TYPE = "Ledger";

    private static final String ID = "ce_id";
    private static final String TYPE = "ce_type";
    private static final String TIME = "ce_time";
    private static final String LEDGER = "ce_axonmessageaggregateid";
    private static final String SEQUENCE = "ce_axonmessageaggregateseq";
    private static final String REQUEST_ID = "ce_" + EventsInKafka.REQUEST_ID;
    private static final String ACTOR = "ce_" + EventsInKafka.ACTOR;
    private static final String CHAIN = "ce_" + EventsInKafka.CHAIN;
    private static final String HASH = "ce_" + EventsInKafka.HASH;

    /** As the extension of CloudEvents for distributed tracing has it. */
    private static final String TRACEPARENT = "ce_traceparent";

    private static final Pattern PARENT = Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

    private static final Header SPECIFICATION = header("ce_specversion", "1.0");
    private static final Header SOURCE = header("ce_source", EventsInKafka.SOURCE.toString());
    private static final Header CONTENT_TYPE = header("content-type", EventsInKafka.CONTENT_TYPE);
    private static final Header OF_LEDGER = header("ce_axonmessageaggregatetype", AGGREGATE_TYPE);

    /** One of the first version of the chain, whose client began no trace. */
    public StoredEvent(
            String ledger,
            long sequence,
            UUID id,
            String type,
            Instant recordedAt,
            String requestId,
            String actor,
            String hash,
            byte[] data) {
        this(ledger, sequence, id, type, recordedAt, requestId, actor, HashChain.FIRST_VERSION, hash, null, data);
    }

    /**
     * Its message: a CloudEvent in the binary mode of its Kafka binding (version 1.0), with the extensions that Axon's Kafka
     * extension adds. It is what {@link EventsInKafka#converter()} writes and reads, without reading and building what is
     * not wanted on the way.
     */
    public ProducerRecord<String, byte[]> asMessage(String topic) {
        Headers headers = new RecordHeaders()
                .add(SPECIFICATION)
                .add(header(ID, id.toString()))
                .add(SOURCE)
                .add(header(TYPE, type))
                .add(CONTENT_TYPE)
                .add(header(TIME, Times.text(recordedAt)))
                .add(header(LEDGER, ledger))
                .add(header(SEQUENCE, Long.toString(axonSequence(sequence))))
                .add(OF_LEDGER)
                .add(header(REQUEST_ID, requestId))
                .add(header(ACTOR, actor))
                .add(header(HASH, hash));
        if (chain != HashChain.FIRST_VERSION) {
            headers.add(header(CHAIN, Integer.toString(chain)));
        }
        if (trace != null) {
            headers.add(
                    header(TRACEPARENT, Traces.parent(Traces.digits(trace), Traces.spanOf(requestId), Traces.SAMPLED)));
        }
        return new ProducerRecord<>(topic, null, ledger, data, headers);
    }

    /**
     * Reads a message. What its data say is not looked at.
     *
     * @throws IllegalArgumentException if it is not an event of a ledger
     */
    public static StoredEvent of(ConsumerRecord<String, byte[]> message) {
        try {
            Headers headers = message.headers();
            return new StoredEvent(
                    ledgerOf(headers).value(),
                    sequenceOf(headers),
                    UUID.fromString(text(headers, ID)),
                    text(headers, TYPE),
                    Times.parse(text(headers, TIME)),
                    text(headers, REQUEST_ID),
                    text(headers, ACTOR),
                    chainIn(headers),
                    text(headers, HASH),
                    traceIn(headers),
                    requireNonNull(message.value(), "it has no data"));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "message " + message.offset() + " in partition " + message.partition() + " of " + message.topic()
                            + " is not an event of a ledger: " + e.getMessage(),
                    e);
        }
    }

    /** As Axon's messages have an event, with this as the payload. */
    public DomainEventMessage<StoredEvent> asAxonEvent() {
        return new GenericDomainEventMessage<>(
                AGGREGATE_TYPE,
                ledger,
                axonSequence(sequence),
                new GenericMessage<>(id.toString(), this, MetaData.emptyInstance()),
                () -> recordedAt);
    }

    /**
     * What it says, in today's shape.
     *
     * @throws RuntimeException if its data cannot be read as an event of its type
     */
    public RecordedEvent read() {
        return new RecordedEvent(
                new LedgerId(ledger),
                sequence,
                id,
                recordedAt,
                requestId,
                actor,
                chain,
                hash,
                LedgerEventJson.read(type, data));
    }

    /** The number that Axon gives the event with this sequence: it counts the events of an aggregate from 0. */
    public static long axonSequence(long sequence) {
        return sequence - RecordedEvent.FIRST_SEQUENCE;
    }

    /**
     * @throws RuntimeException if they do not name a ledger
     */
    static LedgerId ledgerOf(Headers headers) {
        return new LedgerId(text(headers, LEDGER));
    }

    /**
     * @throws RuntimeException if they have no sequence that an event could have
     */
    static long sequenceOf(Headers headers) {
        long counted = Long.parseLong(text(headers, SEQUENCE));
        if (counted < 0) {
            throw new IllegalArgumentException("no event of a ledger comes before its first");
        }
        return counted + RecordedEvent.FIRST_SEQUENCE;
    }

    /** An event of the first version does not say it. */
    private static int chainIn(Headers headers) {
        return headers.lastHeader(CHAIN) == null ? HashChain.FIRST_VERSION : Integer.parseInt(text(headers, CHAIN));
    }

    /** What cannot be read is none: a trace is beside what was recorded. */
    private static @Nullable UUID traceIn(Headers headers) {
        Header parent = headers.lastHeader(TRACEPARENT);
        if (parent == null) {
            return null;
        }
        Matcher trace = PARENT.matcher(new String(parent.value(), UTF_8));
        return trace.matches() ? Traces.ofDigits(trace.group(1)) : null;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private static String text(Headers headers, String name) {
        return new String(
                requireNonNull(headers.lastHeader(name), () -> "it has no header " + name)
                        .value(),
                UTF_8);
    }
}
