package io.daybook.messages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.events.Posting;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The chain as somebody else computes it, who has RFC 8785 and what {@link HashChain} says of it, and nothing of ours. */
class HashChainTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final LedgerId LEDGER = new LedgerId("acme");
    private static final UUID ID = UUID.fromString("0198c0de-0000-7000-8000-000000000001");
    private static final UUID OTHER_ID = UUID.fromString("0198c0de-0000-7000-8000-000000000002");
    private static final Instant NOW = Instant.parse("2026-01-31T09:00:00.123456Z");
    private static final Asset USD = new Asset("USD/2");
    private static final Asset EUR = new Asset("EUR/2");
    private static final AccountAddress ALICE = new AccountAddress("users:alice_-1");
    private static final List<Posting> POSTINGS = List.of(
            new Posting(AccountAddress.WORLD, ALICE, USD, Amount.MAX),
            new Posting(ALICE, AccountAddress.WORLD, EUR, Amount.of(1)));

    /** Of each kind of code point at least one, in an order that is neither that of code points nor that of UTF-8. */
    private static final List<String> KEYS = List.of(
            "\u20ac",
            "\r",
            "\ufb33",
            "1",
            "\u0080",
            "\ud83d\ude00",
            "\u00f6",
            "a",
            "A",
            "a/b",
            "\u001b",
            "\\",
            "\"",
            "\u007f",
            "\u2028",
            "\u2029",
            "\uffff",
            "\ufffe",
            "\ue000",
            "\udbff\udfff",
            "\ud800\udc00",
            "aa",
            "a\u0001",
            "\ufdd0",
            "\ufeff",
            "\b",
            "\f",
            "\n",
            "\t",
            "\u001f",
            "\u0009a",
            "z",
            "\ud800\udc00\ud800\udc00",
            "\u0300");

    private static final int CODE_POINTS_OF_A_TEXT = 1_000;
    private static final int TEXTS_OF_AN_EVENT = 100;

    /** Each code point but halves of surrogate pairs, which are in no text that is taken. */
    private static List<String> allTexts() {
        int[] all = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .toArray();
        List<String> texts = new ArrayList<>();
        for (int first = 0; first < all.length; first += CODE_POINTS_OF_A_TEXT) {
            texts.add(new String(all, first, Math.min(CODE_POINTS_OF_A_TEXT, all.length - first)));
        }
        return texts;
    }

    static Stream<LedgerEvent> events() {
        Map<String, String> metadata = new HashMap<>();
        KEYS.forEach(key -> metadata.put(key, key));
        String text = String.join("", KEYS);
        return Stream.of(
                new LedgerOpened("eu", metadata),
                new AccountConfigured(
                        ALICE,
                        new Overdraft.Limited(Map.of(USD, Amount.of(1), EUR, Amount.MAX, new Asset("B"), Amount.ZERO)),
                        Map.of(
                                USD,
                                new BalanceLimits(Amount.of(-5), Amount.of(7)),
                                EUR,
                                new BalanceLimits(null, Amount.MAX),
                                new Asset("B"),
                                new BalanceLimits(Amount.MAX.negated(), null)),
                        true,
                        metadata,
                        false),
                new AccountConfigured(ALICE, Overdraft.UNLIMITED, Map.of(), false, Map.of(), true),
                new TransactionPosted(ID, text, POSTINGS, NOW, metadata),
                new TransactionPosted(ID, null, POSTINGS, Instant.parse("0001-01-01T00:00:00Z"), Map.of()),
                new TransactionReversed(ID, OTHER_ID, POSTINGS, NOW, metadata),
                new HoldPlaced(ID, ALICE, AccountAddress.WORLD, USD, Amount.of(1), NOW, metadata),
                new HoldPlaced(ID, ALICE, null, USD, Amount.of(1), null, metadata),
                new HoldCaptured(ID, OTHER_ID, POSTINGS, Amount.of(200), true, NOW, metadata),
                new HoldReleased(ID, ALICE, USD, Amount.of(1), HoldReleased.Reason.VOIDED),
                new MetadataChanged(ALICE, null, metadata),
                new MetadataChanged(null, OTHER_ID, metadata));
    }

    @ParameterizedTest
    @MethodSource("events")
    void every_event_is_hashed_as_rfc_8785_has_it(LedgerEvent event) throws Exception {
        requireSame(HashChain.genesis(), 1, "actor", event);
    }

    @Test
    void so_is_every_code_point_wherever_it_stands() throws Exception {
        List<String> texts = allTexts();
        byte[] hash = HashChain.genesis();
        for (int first = 0; first < texts.size(); first += TEXTS_OF_AN_EVENT) {
            List<String> some = texts.subList(first, Math.min(first + TEXTS_OF_AN_EVENT, texts.size()));
            Map<String, String> metadata = new HashMap<>();
            some.forEach(text -> metadata.put(text, text));
            for (String text : some) {
                hash = requireSame(hash, 1, text, new TransactionPosted(ID, text, POSTINGS, NOW, Map.of()));
            }
            hash = requireSame(hash, 2, "actor", new MetadataChanged(null, null, metadata));
        }
    }

    /** As well as by ours, the hash of one event can be computed from the one before by the other implementation. */
    private static byte[] requireSame(byte[] previous, long sequence, String who, LedgerEvent event) throws Exception {
        String type = EventType.of(event).eventName();
        byte[] data = LedgerEventJson.write(event);
        JsonNode parsed = JSON.readTree(data);
        assertThat(data).asString(UTF_8).isEqualTo(new String(canonical(parsed), UTF_8));
        assertThat(LedgerEventJson.canonical(parsed, HashChain.VERSION)).isEqualTo(data);
        ObjectNode hashed = JSON.createObjectNode()
                .put("ledger", LEDGER.value())
                .put("sequence", sequence)
                .put("id", ID.toString())
                .put("type", type)
                .put("recordedAt", NOW.toString())
                .put("requestId", who)
                .put("actor", who)
                .put("chain", 2)
                .set("data", parsed);
        MessageDigest digest = sha256();
        digest.update(previous);
        digest.update(canonical(hashed));

        byte[] hash = HashChain.next(previous, HashChain.VERSION, LEDGER, sequence, ID, type, NOW, who, who, data);

        assertThat(hash).isEqualTo(digest.digest());
        return hash;
    }

    private static byte[] canonical(JsonNode json) throws IOException {
        return new JsonCanonicalizer(json.toString()).getEncodedUTF8();
    }

    private static MessageDigest sha256() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256");
    }

    /** What was written when events were hashed under the first version, verifies as it was. */
    @ParameterizedTest
    @CsvSource({"1, '\\u001B\\u001F\\u0000'", "2, '\\u001b\\u001f\\u0000'"})
    void data_that_came_by_other_ways_are_canonical_as_their_version_has_it(int chain, String escapes) {
        JsonNode data = JSON.readTree(
                "{\"z\": \"\\u001b\\u001F\\u0000\", \"a\": {\"\\uD83D\\uDE00\": \"\\/\", \"\\uFB33\": \"\"}}");

        assertThat(new String(LedgerEventJson.canonical(data, chain), UTF_8))
                .isEqualTo("{\"a\":{\"\ud83d\ude00\":\"/\",\"\ufb33\":\"\"},\"z\":\"" + escapes + "\"}");
    }
}
