package io.daybook.query.stream;

import java.nio.charset.StandardCharsets;

/**
 * One event as it is sent to everybody who listens. It is written once; listeners share the bytes.
 *
 * @param bytes never changed
 */
record StreamMessage(long sequence, byte[] bytes) {

    /**
     * @param json on one line
     */
    static StreamMessage of(long sequence, String kind, String json) {
        String text = "id: " + sequence + "\nevent: " + kind + "\ndata: " + json + "\n\n";
        return new StreamMessage(sequence, text.getBytes(StandardCharsets.UTF_8));
    }
}
