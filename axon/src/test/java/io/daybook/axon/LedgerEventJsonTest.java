package io.daybook.axon;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerEventJsonTest {

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
}
