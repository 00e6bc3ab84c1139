package io.daybook.events;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The chain that proves a ledger's history was not edited: each event carries
 * {@code SHA-256(hash of the event before ‖ canonical event)}, the first one with 32 zero bytes before it.
 *
 * <p>The canonical event is this JSON object, in UTF-8 and canonical as RFC 8785 has it, so that anybody can compute it
 * from what {@code GET /v1/ledgers/{ledger}/events} gives:
 *
 * <pre>{@code
 * {"actor":"…","chain":2,"data":{…},"id":"…","ledger":"…","recordedAt":"…","requestId":"…","sequence":1,"type":"…"}
 * }</pre>
 *
 * <p>That is version 2 of the chain. Version 1, under which events are not written any more, has no member {@code chain},
 * and its data differ from RFC 8785 in one thing: a control character that has no short escape, such as U+001B, is escaped
 * with upper-case digits. An event that does not say its version is of version 1. A ledger's version never falls.
 *
 * <p>Type and data are those that were stored. An event of an earlier version is verified as it was written, and only then
 * read in today's shape ({@link UpcasterChain}); a hash is never computed anew.
 */
public final class HashChain {

    /** Length of a hash in bytes. */
    public static final int HASH_LENGTH = 32;

    /** The version under which events are hashed that are recorded now. */
    public static final int VERSION = 2;

    /** The version of events that do not say theirs. */
    public static final int FIRST_VERSION = 1;

    /** Of all but the data, in characters; more is made room for. */
    private static final int ROOM_FOR_THE_ENVELOPE = 384;

    private HashChain() {}

    /** What stands before the first event of a ledger. */
    public static byte[] genesis() {
        return new byte[HASH_LENGTH];
    }

    /**
     * The hash of an event.
     *
     * @param previous the hash of the event before, {@value #HASH_LENGTH} bytes
     * @param chain the version of the chain that it is hashed under
     * @param type the name and version that the event is stored under
     * @param data the event in its canonical JSON form, as it is stored
     * @return {@value #HASH_LENGTH} bytes
     */
    public static byte[] next(
            byte[] previous,
            int chain,
            LedgerId ledger,
            long sequence,
            UUID id,
            String type,
            Instant recordedAt,
            String requestId,
            String actor,
            byte[] data) {
        if (previous.length != HASH_LENGTH) {
            throw new IllegalArgumentException("a hash has " + HASH_LENGTH + " bytes, not " + previous.length);
        }
        MessageDigest digest = sha256();
        digest.update(previous);
        StringBuilder json = new StringBuilder(ROOM_FOR_THE_ENVELOPE);
        json.append("{\"actor\":");
        quote(actor, json);
        if (chain != FIRST_VERSION) {
            json.append(",\"chain\":").append(chain);
        }
        digest.update(utf8(json.append(",\"data\":")));
        digest.update(data);
        json.setLength(0);
        json.append(",\"id\":\"")
                .append(id)
                .append("\",\"ledger\":\"")
                .append(ledger)
                .append("\",\"recordedAt\":\"")
                .append(Times.text(recordedAt))
                .append("\",\"requestId\":");
        quote(requestId, json);
        json.append(",\"sequence\":")
                .append(sequence)
                .append(",\"type\":\"")
                .append(type)
                .append("\"}");
        digest.update(utf8(json));
        return digest.digest();
    }

    /**
     * Why an event that is hashed under one version cannot follow on one that was hashed under another.
     *
     * @param before the version of the event before; {@value #FIRST_VERSION} for the first event of a ledger
     * @param chain that of the event
     * @return null if it can
     */
    public static @Nullable String flaw(int before, int chain) {
        if (chain < FIRST_VERSION || chain > VERSION) {
            return "it is of version " + chain + " of the chain, and this version of Daybook knows " + FIRST_VERSION
                    + " to " + VERSION;
        }
        return chain < before
                ? "it is of version " + chain + " of the chain after one of version " + before
                        + ", and a ledger's version never falls"
                : null;
    }

    /** A JSON string as RFC 8785 writes it: only what must be escaped is. */
    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\t' -> json.append("\\t");
                case '\n' -> json.append("\\n");
                case '\f' -> json.append("\\f");
                case '\r' -> json.append("\\r");
                default -> {
                    if (c < ' ') {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    private static byte[] utf8(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
