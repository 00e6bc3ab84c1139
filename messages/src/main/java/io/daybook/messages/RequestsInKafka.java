package io.daybook.messages;

/**
 * How requests travel: each {@link RequestRecord} is a message in JSON, with its id as the key, and the trace context of W3C in
 * the headers {@code traceparent} and {@code tracestate}. They are in no order.
 */
public final class RequestsInKafka {

    private RequestsInKafka() {}

    /**
     * The name of the topic.
     *
     * @param prefix that of the installation's topics, {@code daybook} by default
     */
    public static String topic(String prefix) {
        return prefix + ".requests";
    }
}
