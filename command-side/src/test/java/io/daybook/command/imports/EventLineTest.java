package io.daybook.command.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daybook.command.ledger.PastEvent;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.EventType;
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
import io.daybook.http.ProblemException;
import io.daybook.messages.LedgerEventJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a line of an export may be, and what is taken over of it. */
class EventLineTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonMapper ESCAPING =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final LedgerId LEDGER = new LedgerId("acme");
    private static final Instant NOW = Instant.parse("2026-01-31T09:00:00Z");
    private static final Asset USD = new Asset("USD/2");
    private static final AccountAddress ALICE = new AccountAddress("alice");
    private static final AccountAddress BOB = new AccountAddress("bob");
    private static final Map<String, String> METADATA = Map.of("b", "Zoë \"Z\" 😀 /", "a", "1\t2", "ä", "");

    static List<LedgerEvent> events() {
        List<Posting> postings = List.of(
                new Posting(AccountAddress.WORLD, ALICE, USD, Amount.MAX), new Posting(ALICE, BOB, USD, Amount.of(7)));
        Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");
        return List.of(
                new LedgerOpened("eu", METADATA),
                new AccountConfigured(
                        ALICE,
                        new Overdraft.Limited(Map.of(USD, Amount.of(50))),
                        Map.of(USD, new BalanceLimits(Amount.of(-5), Amount.of(9))),
                        true,
                        METADATA,
                        true),
                new AccountConfigured(AccountAddress.WORLD, Overdraft.UNLIMITED, Map.of(), false, METADATA, false),
                new TransactionPosted(new UUID(1, 1), "r", postings, Instant.parse("0001-01-01T00:00:00Z"), METADATA),
                new TransactionReversed(new UUID(2, 2), new UUID(1, 1), postings, last, METADATA),
                new HoldPlaced(new UUID(3, 3), ALICE, BOB, USD, Amount.of(9), last, METADATA),
                new HoldCaptured(
                        new UUID(4, 4), new UUID(3, 3), postings.subList(1, 2), Amount.ZERO, false, NOW, METADATA),
                new HoldReleased(new UUID(3, 3), ALICE, USD, Amount.of(2), HoldReleased.Reason.VOIDED),
                new MetadataChanged(ALICE, null, METADATA));
    }

    private static ObjectNode line(LedgerEvent event) {
        ObjectNode line = JSON.createObjectNode();
        line.put("ledger", "acme");
        line.put("sequence", 1);
        line.put("id", new UUID(9, 9).toString());
        line.put("type", EventType.of(event).eventName());
        line.put("recordedAt", NOW.toString());
        line.put("requestId", "r");
        line.put("actor", "a");
        line.set("data", JSON.readTree(LedgerEventJson.write(event)));
        line.put("hash", "00");
        return line;
    }

    private static PastEvent read(String line) {
        return EventLine.read("line 1", line).of(LEDGER, NOW);
    }

    private static void assertRefused(String line, String field, String why) {
        assertThatExceptionOfType(ProblemException.class)
                .as(line)
                .isThrownBy(() -> read(line))
                .satisfies(refusal -> {
                    assertThat(refusal.problem().code()).isEqualTo("invalid-field");
                    assertThat(refusal.problem().errors()).singleElement().satisfies(error -> {
                        assertThat(error.field()).isEqualTo(field);
                        assertThat(error.message()).contains(why);
                    });
                });
    }

    private static JsonNode backwards(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            node.forEach(element -> array.add(backwards(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = JSON.createObjectNode();
        List.copyOf(node.propertyNames()).reversed().forEach(name -> object.set(name, backwards(node.get(name))));
        return object;
    }

    @ParameterizedTest
    @MethodSource("events")
    void the_order_of_members_white_space_and_escapes_do_not_matter(LedgerEvent event) {
        PastEvent asExported = read(line(event).toString());
        String other = ESCAPING.writeValueAsString(backwards(line(event)))
                        .replace(",\"", " ,\t\"")
                        .replace("\":", "\" : ")
                        .replace("/", "\\/")
                + "\r";

        assertThat(asExported.data()).isEqualTo(LedgerEventJson.write(event));
        assertThat(read(other).data()).isEqualTo(LedgerEventJson.write(event));
        assertThat(read(other).recorded()).isEqualTo(asExported.recorded());
        assertThat(asExported.recorded().event()).isEqualTo(event);
    }

    /** Read leniently, these are the same as what Daybook records; but no Daybook has ever recorded them so. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "TransactionPosted | /postings/0/amount | 5 | data.postings[0].amount | is recorded as \"5\", not as 5",
                "TransactionPosted | /postings/0/amount | 5.0 | data.postings[0].amount | is recorded as \"5\", not as 5.0",
                "TransactionPosted | /postings/0/amount | \"05\" | data.postings[0].amount | is recorded as \"5\"",
                "TransactionPosted | /postings/1/asset | null | data | has an asset",
                "TransactionPosted | /metadata/b | 5 | data.metadata.b | is recorded as \"5\"",
                "TransactionPosted | /metadata/b | true | data.metadata.b | is recorded as \"true\"",
                "TransactionPosted | /metadata/b | null | data.metadata.b | is a string",
                "TransactionPosted | /metadata | null | data.metadata | is recorded as {}",
                "TransactionPosted | /reference | 7 | data.reference | is recorded as \"7\"",
                "TransactionPosted | /reference | null | data.reference | does not belong to",
                "TransactionPosted | /id | \"00000000-0000-0001-0000-00000000000A\" | data.id | is recorded as \"0000",
                "TransactionPosted | /effectiveAt | 1769850000 | data.effectiveAt | is recorded as \"2026",
                "TransactionPosted | /effectiveAt | \"2026-01-31T10:00:00+01:00\" | data.effectiveAt | is recorded as \"2026",
                "TransactionPosted | /effectiveAt | \"2026-01-31T09:00:00.000Z\" | data.effectiveAt | is recorded as \"2026",
                "TransactionPosted | /effectiveAt | \"2026-01-31T09:00:00.0000001Z\" | data.effectiveAt | whole microseconds",
                "TransactionPosted | /effectiveAt | \"0000-12-31T23:59:59Z\" | data.effectiveAt | between the years",
                "TransactionPosted | /effectiveAt | \"+10000-01-01T00:00:00Z\" | data.effectiveAt | between the years",
                "TransactionPosted | /more | \"x\" | data.more | does not belong to",
                "TransactionPosted | /postings/0/more | \"x\" | data.postings[0].more | does not belong to",
                "TransactionReversed | /postings/0/amount | 5 | data.postings[0].amount | is recorded as \"5\"",
                "LedgerOpened | /metadata/a | 1 | data.metadata.a | is recorded as \"1\"",
                "LedgerOpened | /region | 1 | data.region | has the form",
                "LedgerOpened | /region | \"EU\" | data.region | has the form",
                "AccountConfigured | /overdraft/USD~12 | 50 | data.overdraft.USD/2 | is recorded as \"50\"",
                "AccountConfigured | /limits/USD~12/min | -5 | data.limits.USD/2.min | is recorded as \"-5\"",
                "AccountConfigured | /limits/USD~12/max | null | data.limits.USD/2.max | does not belong to",
                "AccountConfigured | /closed | \"true\" | data.closed | is recorded as true",
                "AccountConfigured | /created | 1 | data.created | is recorded as true",
                "AccountConfigured | /created | null | data | is not that of",
                "HoldPlaced | /amount | 9 | data.amount | is recorded as \"9\"",
                "HoldPlaced | /expiresAt | \"+10000-01-01T00:00:00Z\" | data.expiresAt | between the years",
                "HoldCaptured | /released | 0 | data.released | is recorded as \"0\"",
                "HoldCaptured | /released | \"-0\" | data.released | is recorded as \"0\"",
                "HoldCaptured | /closes | 0 | data.closes | is recorded as false",
                "HoldReleased | /amount | 2 | data.amount | is recorded as \"2\"",
                "HoldReleased | /reason | 0 | data.reason | is recorded as \"voided\"",
                "MetadataChanged | /metadata/a | 1 | data.metadata.a | is recorded as \"1\"",
                "MetadataChanged | /transaction | null | data.transaction | does not belong to",
            })
    void what_has_another_form_than_daybook_records_is_refused(
            String kind, String pointer, String value, String field, String why) {
        LedgerEvent event = events().stream()
                .filter(each -> each.getClass().getSimpleName().equals(kind))
                .findFirst()
                .orElseThrow();
        ObjectNode line = line(event);
        int last = pointer.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) line.get("data").at(pointer.substring(0, last));
        parent.set(pointer.substring(last + 1).replace("~1", "/"), JSON.readTree(value));

        assertRefused(line.toString(), "line 1." + field, why);
    }

    @Test
    void what_is_missing_or_there_twice_is_refused() {
        ObjectNode posted = line(events().get(3));
        String data = posted.get("data").toString();
        assertRefused(
                posted.toString().replace(data, data.replaceFirst("\"metadata\":\\{.*?},", "")),
                "line 1.data.metadata",
                "is missing");
        assertRefused(
                posted.toString()
                        .replace(data, data.replace("\"reference\":\"r\"", "\"reference\":\"r\",\"reference\":\"r\"")),
                "line 1",
                "Duplicate");
        assertRefused(posted.toString() + posted, "line 1", "Trailing");
        assertRefused("[" + posted + "]", "line 1", "is not an event");
        assertRefused("null", "line 1", "is not an event");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "ledger | 5 | is a string",
                "ledger | \"beta\" | is of ledger 'beta'",
                "sequence | \"1\" | is a whole number",
                "sequence | 1.0 | is a whole number",
                "sequence | true | is a whole number",
                "sequence | null | is required",
                "sequence | 9223372036854775808 | is a whole number",
                "id | 5 | is a string",
                "id | \"1-1-1-1-1\" | 36 characters",
                "type | 5 | is a string",
                "recordedAt | 1769850000 | is a string",
                "recordedAt | \"yesterday\" | RFC 3339",
                "requestId | 5 | is a string",
                "requestId | \"\" | 1 to 255",
                "actor | false | is a string",
                "actor | null | is required",
                "data | [] | is an object",
                "data | \"x\" | is an object",
                "hash | 5 | is a string",
            })
    void the_envelope_has_one_form_too(String member, String value, String why) {
        ObjectNode line = line(events().getFirst());
        line.set(member, JSON.readTree(value));
        String field = value.contains("beta") ? "line 1" : "line 1." + member;
        assertRefused(line.toString(), field, why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001-01-01T00:00:00Z",
                "1960-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999Z",
                "2026-01-31T09:01:00.000001Z",
                "2999-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "-0001-01-01T00:00:00Z"
            })
    void nothing_was_recorded_before_1970_or_will_be_in_the_future(String time) {
        assertRefused(
                line(events().getFirst()).put("recordedAt", time).toString(),
                "line 1.recordedAt",
                "lies between 1970-01-01T00:00:00Z and now");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "2026-01-31T09:00:59.999999Z",
                "2026-01-31T09:01:00Z",
                "2026-01-31T10:01:00+01:00"
            })
    void another_clock_may_be_a_minute_ahead(String time) {
        assertThat(read(line(events().getFirst()).put("recordedAt", time).toString())
                        .recorded()
                        .recordedAt())
                .isBetween(Instant.EPOCH, NOW.plusSeconds(60));
    }

    @Test
    void a_recorded_time_is_in_whole_microseconds() {
        assertRefused(
                line(events().getFirst())
                        .put("recordedAt", "2026-01-31T08:00:00.123456789Z")
                        .toString(),
                "line 1.recordedAt",
                "whole microseconds");
    }
}
