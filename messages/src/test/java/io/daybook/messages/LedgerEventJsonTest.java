package io.daybook.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerEventJsonTest {

    private static final String POSTED = EventType.TRANSACTION_POSTED.eventName();
    private static final Posting SMALL =
            new Posting(AccountAddress.WORLD, new AccountAddress("users:42"), new Asset("USD/2"), Amount.of(1050));
    private static final Posting LARGE =
            new Posting(new AccountAddress("a_-Z"), AccountAddress.WORLD, new Asset("POINTS"), Amount.MAX);

    static Stream<TransactionPosted> transactions() {
        Instant micros = Instant.parse("2026-01-31T09:00:00.123456Z");
        Instant seconds = Instant.parse("1993-01-01T00:00:00Z");
        return Stream.of(
                new TransactionPosted(UUID.randomUUID(), null, List.of(SMALL), micros, Map.of()),
                new TransactionPosted(null, null, List.of(), null, Map.of()),
                new TransactionPosted(new UUID(0, 1), "order-4711", List.of(SMALL, LARGE), seconds, Map.of("a", "b")),
                new TransactionPosted(
                        UUID.randomUUID(),
                        "\"quoted\" \\ / \u0001 \u007f \u2028 ü 漢 \uD83D\uDE00",
                        List.of(LARGE),
                        Instant.parse("+12345-01-31T09:00:00.1Z"),
                        Map.of("z", "last", "a", "first\n\t", "ä \uD83D\uDE00", "", "", "\b\f\r")));
    }

    @ParameterizedTest
    @MethodSource("transactions")
    void transactions_are_written_as_their_annotations_say(TransactionPosted posted) {
        assertThat(LedgerEventJson.write(posted)).asString().isEqualTo(LedgerEventJson.writeText(posted));
    }

    @ParameterizedTest
    @MethodSource("transactions")
    void and_are_read_as_they_were_written(TransactionPosted posted) {
        assertThat(LedgerEventJson.read(POSTED, LedgerEventJson.write(posted)))
                .isEqualTo(LedgerEventJson.MAPPER.readValue(LedgerEventJson.write(posted), TransactionPosted.class));
    }

    /** Of an earlier or a later version, of an import, or of nobody. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'postings':[{'source':'world','destination':'a','asset':'USD/2','amount':'1'}],'metadata':{},"
                        + "'id':'00000000-0000-0000-0000-000000000001','effectiveAt':'2026-01-31T09:00:00+01:00'}",
                "{'postings':[{'source':'world','destination':'a','asset':'USD/2','amount':1}],'later':[{}],"
                        + "'id':'00000000-0000-0000-0000-000000000001','effectiveAt':'2026-01-31T09:00:00Z'}",
                "{'postings':[],'id':null,'reference':null,'metadata':null}",
                "{}",
                "{'postings':[{'source':'world','destination':'world','asset':'USD/2','amount':'1'}]}",
                "{'id':'1-1-1-1-1'}",
                "{'effectiveAt':'yesterday'}",
                "{'metadata':{'a':1}}",
                "{'postings':[{}]",
                "[]",
                "null",
                ""
            })
    void what_was_written_otherwise_is_read_as_the_annotations_say(String text) {
        byte[] json = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Object expected = outcome(() -> LedgerEventJson.MAPPER.readValue(json, TransactionPosted.class));

        assertThat(outcome(() -> LedgerEventJson.read(POSTED, json))).isEqualTo(expected);
    }

    private static Object outcome(Callable<Object> reading) {
        try {
            return Objects.requireNonNullElse(reading.call(), "null");
        } catch (Exception e) {
            return e.toString();
        }
    }
}
