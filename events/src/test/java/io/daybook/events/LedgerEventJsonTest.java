package io.daybook.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The stored form of every event is in a file. These files are history: they are added to, never edited. */
class LedgerEventJsonTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Stream<LedgerEvent> events() {
        return Stream.of(
                new LedgerOpened("eu", Map.of("team", "payments", "cost-centre", "42")),
                new AccountConfigured(
                        new AccountAddress("users:42:wallet"),
                        new Overdraft.Limited(Map.of(new Asset("USD/2"), Amount.of(50_000))),
                        Map.of(new Asset("USD/2"), new BalanceLimits(null, Amount.MAX)),
                        false,
                        Map.of("name", "Zoë \"Z\""),
                        true),
                new TransactionPosted(
                        UUID.fromString("0198c0de-0000-7000-8000-000000000001"),
                        "invoice 7",
                        List.of(
                                new Posting(
                                        AccountAddress.WORLD,
                                        new AccountAddress("users:42:wallet"),
                                        new Asset("USD/2"),
                                        Amount.of(1_050)),
                                new Posting(
                                        new AccountAddress("users:42:wallet"),
                                        new AccountAddress("fees"),
                                        new Asset("USD/2"),
                                        Amount.MAX)),
                        Instant.parse("2026-01-31T09:00:00.123456Z"),
                        Map.of("z", "last", "a", "first")),
                new TransactionReversed(
                        UUID.fromString("0198c0de-0000-7000-8000-000000000002"),
                        UUID.fromString("0198c0de-0000-7000-8000-000000000001"),
                        List.of(new Posting(
                                new AccountAddress("users:42:wallet"),
                                AccountAddress.WORLD,
                                new Asset("USD/2"),
                                Amount.of(1_050))),
                        Instant.parse("2026-02-01T09:00:00Z"),
                        Map.of("why", "returned")),
                new HoldPlaced(
                        UUID.fromString("0198c0de-0000-7000-8000-000000000003"),
                        new AccountAddress("users:42:wallet"),
                        new AccountAddress("shops:7"),
                        new Asset("USD/2"),
                        Amount.of(500),
                        Instant.parse("2026-02-08T09:00:00Z"),
                        Map.of("card", "1234")),
                new HoldCaptured(
                        UUID.fromString("0198c0de-0000-7000-8000-000000000004"),
                        UUID.fromString("0198c0de-0000-7000-8000-000000000003"),
                        List.of(new Posting(
                                new AccountAddress("users:42:wallet"),
                                new AccountAddress("shops:7"),
                                new Asset("USD/2"),
                                Amount.of(300))),
                        Amount.of(200),
                        true,
                        Instant.parse("2026-02-02T09:00:00Z"),
                        Map.of("card", "1234")),
                new HoldReleased(
                        UUID.fromString("0198c0de-0000-7000-8000-000000000003"),
                        new AccountAddress("users:42:wallet"),
                        new Asset("USD/2"),
                        Amount.of(500),
                        HoldReleased.Reason.EXPIRED),
                new MetadataChanged(
                        null, UUID.fromString("0198c0de-0000-7000-8000-000000000001"), Map.of("case", "closed")));
    }

    @ParameterizedTest
    @MethodSource("events")
    void is_what_was_ever_stored(LedgerEvent event) throws IOException {
        String stored = stored(EventType.of(event));
        assertThat(JSON.writeValueAsString(event)).isEqualTo(stored);
        assertThat((LedgerEvent) JSON.readValue(stored, EventType.of(event).eventClass()))
                .isEqualTo(event);
    }

    private static String stored(EventType type) throws IOException {
        try (var file = LedgerEventJsonTest.class.getResourceAsStream("/events/" + type.eventName() + ".json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Test
    void an_unlimited_overdraft_is_a_word() {
        assertThat(JSON.writeValueAsString(Overdraft.UNLIMITED)).isEqualTo("\"unlimited\"");
        assertThat(JSON.readValue("\"unlimited\"", Overdraft.class)).isEqualTo(Overdraft.UNLIMITED);
    }

    @Test
    void a_type_of_a_newer_version_is_refused_clearly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventType.named("daybook.transaction-posted.v99"))
                .withMessageContaining("newer version");
    }

    /** Computed by {@code printf '{"actor":…}' | (head -c 32 /dev/zero; cat) | sha256sum}, not by this code. */
    @ParameterizedTest
    @CsvSource({
        "1, 846ac6129b19c2ea5279dd298be6c552f407ce027a99baf565ba032e9b9155c6",
        "2, 4d5852e4332d448c29a3209a90f8ff62ffe99457663754c2d7f1fa2b6658c95e"
    })
    void the_hash_chain_is_as_documented(int chain, String expected) {
        byte[] data = "{\"metadata\":{}}".getBytes(StandardCharsets.UTF_8);
        byte[] hash = HashChain.next(
                HashChain.genesis(),
                chain,
                new LedgerId("acme"),
                1,
                UUID.fromString("0198c0de-0000-7000-8000-000000000001"),
                EventType.LEDGER_OPENED.eventName(),
                Instant.parse("2026-01-31T09:00:00Z"),
                "req-1",
                "a\"b\n",
                data);
        assertThat(HexFormat.of().formatHex(hash)).isEqualTo(expected);
    }
}
