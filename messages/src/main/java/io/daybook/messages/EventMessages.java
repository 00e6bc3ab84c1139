package io.daybook.messages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.events.StoredEvent;
import io.daybook.events.Times;
import io.daybook.events.Traces;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * An event's message: a CloudEvent in the binary mode of its Kafka binding (version 1.0), with the extensions that Axon's
 * Kafka extension adds. Its data are those that are stored, neither read nor written anew on the way.
 */
public final class EventMessages {

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

    private EventMessages() {}

    /** It is what Axon's own converter would write, without what that would read and build on the way. */
    public static ProducerRecord<String, byte[]> message(StoredEvent event, String topic) {
        Headers headers = new RecordHeaders()
                .add(SPECIFICATION)
                .add(header(ID, event.id().toString()))
                .add(SOURCE)
                .add(header(TYPE, event.type()))
                .add(CONTENT_TYPE)
                .add(header(TIME, Times.text(event.recordedAt())))
                .add(header(LEDGER, event.ledger()))
                .add(header(SEQUENCE, Long.toString(counted(event.sequence()))))
                .add(OF_LEDGER)
                .add(header(REQUEST_ID, event.requestId()))
                .add(header(ACTOR, event.actor()))
                .add(header(HASH, event.hash()));
        if (event.chain() != HashChain.FIRST_VERSION) {
            headers.add(header(CHAIN, Integer.toString(event.chain())));
        }
        if (event.trace() != null) {
            headers.add(header(
                    TRACEPARENT,
                    Traces.parent(Traces.digits(event.trace()), Traces.spanOf(event.requestId()), Traces.SAMPLED)));
        }
        return new ProducerRecord<>(topic, null, event.ledger(), event.data(), headers);
    }

    /**
     * Reads a message. What its data say is not looked at.
     *
     * @throws IllegalArgumentException if it is not an event of a ledger
     */
    public static StoredEvent event(ConsumerRecord<String, byte[]> message) {
        try {
            Headers headers = message.headers();
            return new StoredEvent(
                    ledgerOf(headers).value(),
                    new Envelope(
                            sequenceOf(headers),
                            UUID.fromString(text(headers, ID)),
                            Times.parse(text(headers, TIME)),
                            text(headers, REQUEST_ID),
                            text(headers, ACTOR),
                            chainIn(headers),
                            text(headers, HASH)),
                    text(headers, TYPE),
                    traceIn(headers),
                    requireNonNull(message.value(), "it has no data"));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "message " + message.offset() + " in partition " + message.partition() + " of " + message.topic()
                            + " is not an event of a ledger: " + e.getMessage(),
                    e);
        }
    }

    /** Axon, whose headers these are, counts the events of an aggregate from 0. */
    private static long counted(long sequence) {
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
