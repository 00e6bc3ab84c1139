package io.daybook.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
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
import io.daybook.events.Overdraft;
import io.daybook.events.Posting;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HledgerJournalTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final UUID ID = UUID.fromString("0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d");
    private static final UUID OTHER_ID = new UUID(1, 2);
    private static final Instant NINE = Instant.parse("2026-01-31T09:00:00Z");

    private final StringBuilder journal = new StringBuilder();
    private final HledgerJournal writer = new HledgerJournal(journal);
    private long sequence;

    @TempDir
    Path folder;

    @Test
    void a_transaction_is_one_entry_with_a_pair_of_lines_for_each_posting() throws IOException {
        writer.begin("acme");
        append(new LedgerOpened(null, Map.of()));
        append(new AccountConfigured(new AccountAddress("bank"), Overdraft.UNLIMITED, Map.of(), false, Map.of(), true));
        append(transaction(
                "order 7",
                Map.of("channel", "web", "buyer", "42"),
                posting("world", "users:42:wallet", "USD/2", "1050"),
                posting("users:42:wallet", "shop_1:sales", "POINTS", "3")));
        append(transaction(null, Map.of(), posting("world", "users:42:wallet", "USD/2", "5")));

        assertThat(journal).hasToString("""
                ; Ledger acme, exported by Daybook
                decimal-mark .

                commodity 0.00 "USD/2"

                commodity 0. "POINTS"

                2026-01-31 (3) order 7
                    ; id: 0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d
                    ; buyer: 42
                    ; channel: web
                    world  -10.50 "USD/2"
                    users:42:wallet  10.50 "USD/2"
                    users:42:wallet  -3 "POINTS"
                    shop_1:sales  3 "POINTS"

                2026-01-31 (4) 0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d
                    ; id: 0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d
                    world  -0.05 "USD/2"
                    users:42:wallet  0.05 "USD/2"
                """);
    }

    @Test
    void captures_and_reversals_move_money_and_holds_do_not() throws IOException {
        AccountAddress alice = new AccountAddress("alice");
        Posting back = posting("alice", "world", "USD/2", "5");
        append(new HoldPlaced(ID, alice, null, new Asset("USD/2"), Amount.of(5), null, Map.of()));
        append(new TransactionReversed(OTHER_ID, ID, List.of(back), NINE, Map.of()));
        append(new HoldCaptured(OTHER_ID, ID, List.of(back), Amount.ZERO, true, NINE, Map.of()));
        append(new HoldReleased(ID, alice, new Asset("USD/2"), Amount.of(5), HoldReleased.Reason.VOIDED));
        append(new MetadataChanged(null, null, Map.of()));

        assertThat(journal).hasToString("""

                commodity 0.00 "USD/2"

                2026-01-31 (2) 00000000-0000-0001-0000-000000000002
                    ; id: 00000000-0000-0001-0000-000000000002
                    ; reverses: 0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d
                    alice  -0.05 "USD/2"
                    world  0.05 "USD/2"

                2026-01-31 (3) 00000000-0000-0001-0000-000000000002
                    ; id: 00000000-0000-0001-0000-000000000002
                    ; hold: 0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d
                    alice  -0.05 "USD/2"
                    world  0.05 "USD/2"
                """);
    }

    @Test
    void an_event_that_this_version_does_not_know_ends_the_export() {
        JsonNode event =
                JSON.readTree("{\"sequence\":9,\"type\":\"daybook.gold-minted.v1\",\"data\":{\"amount\":\"1000000\"}}");

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> writer.append(event))
                .withMessageContaining("Event 9 cannot be exported: unknown event type 'daybook.gold-minted.v1'")
                .withMessageContaining("balances");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a; b",
                "; all comment",
                "* ! (7) | x",
                "line\nworld  1 \"USD/2\"\n2020-01-01 x",
                "tab\tand\rreturn",
                "next\u0085line\u2028separator\u2029",
                "date: 2020-13-45 [2020-99-99] date2: nonsense, amt:1",
                "back\\slash \"quotes\" ünïcödé 漢字 🪙",
                "    ",
                "",
                "end of file\u0000\u001a"
            })
    void whatever_stands_in_a_reference_or_in_metadata_hledger_reads_the_same_entry(String text)
            throws IOException, InterruptedException {
        Hledger.assumeInstalled();
        writer.begin("acme");
        append(transaction(
                text, Map.of("note", text, text, "value"), posting("world", "users:42:wallet", "USD/2", "1050")));

        Path file = Files.writeString(folder.resolve("acme.journal"), journal);
        Hledger.check(file);

        assertThat(Hledger.balances(file))
                .isEqualTo(Map.of(
                        "world USD/2", new BigDecimal("-10.50"), "users:42:wallet USD/2", new BigDecimal("10.50")));
        assertThat(Hledger.run(file, "stats")).contains("Transactions             : 1 ");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hledger_has_exactly_our_balances(long seed) throws IOException, InterruptedException {
        Hledger.assumeInstalled();
        Random random = new Random(seed);
        List<String> accounts = List.of("world", "a", "a:b", "a:b:c", "-x", "_:9", "bank:transfers:AB", "0");
        List<String> assets = List.of("USD/2", "USD/3", "USD", "BTC/8", "POINTS", "X1", "ETH/18", "MAX/99", "MIN/0");
        Map<String, BigDecimal> ours = new TreeMap<>();
        writer.begin("random");
        for (int i = 0; i < 300; i++) {
            List<Posting> postings = new ArrayList<>();
            for (int p = random.nextInt(1, 4); p > 0; p--) {
                String source = accounts.get(random.nextInt(accounts.size()));
                String destination = accounts.get(random.nextInt(accounts.size()));
                if (!source.equals(destination)) {
                    String asset = assets.get(random.nextInt(assets.size()));
                    BigInteger amount = new BigInteger(random.nextInt(1, 119), random);
                    postings.add(posting(source, destination, asset, amount.toString()));
                    BigDecimal value = new BigDecimal(amount, new Asset(asset).decimals());
                    ours.merge(source + " " + asset, value.negate(), BigDecimal::add);
                    ours.merge(destination + " " + asset, value, BigDecimal::add);
                }
            }
            append(new TransactionPosted(new UUID(seed, i), null, postings, effectiveAt(i, random), Map.of()));
        }
        ours.values().removeIf(balance -> balance.signum() == 0);

        Path file = Files.writeString(folder.resolve("random.journal"), journal);
        Hledger.check(file);

        Map<String, BigDecimal> theirs = Hledger.balances(file);
        assertThat(theirs.keySet()).as("seed %d", seed).isEqualTo(ours.keySet());
        ours.forEach((account, balance) ->
                assertThat(theirs.get(account)).as("seed %d, %s", seed, account).isEqualByComparingTo(balance));
    }

    /** The first and the last that there can be, and then some. */
    private static Instant effectiveAt(int transaction, Random random) {
        return switch (transaction) {
            case 0 -> Instant.parse("0001-01-01T00:00:00Z");
            case 1 -> Instant.parse("9999-12-31T23:59:59.999999Z");
            default -> NINE.plusSeconds(random.nextInt(-1_000_000_000, 1_000_000_000));
        };
    }

    private void append(LedgerEvent event) throws IOException {
        writer.append(JSON.valueToTree(
                Map.of("sequence", ++sequence, "type", EventType.of(event).eventName(), "data", event, "hash", "00")));
    }

    private static TransactionPosted transaction(
            @Nullable String reference, Map<String, String> metadata, Posting... postings) {
        return new TransactionPosted(ID, reference, List.of(postings), NINE, metadata);
    }

    private static Posting posting(String source, String destination, String asset, String amount) {
        return new Posting(
                new AccountAddress(source), new AccountAddress(destination), new Asset(asset), Amount.parse(amount));
    }
}
