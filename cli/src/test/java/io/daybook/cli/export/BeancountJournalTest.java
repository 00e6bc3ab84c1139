package io.daybook.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
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
import tools.jackson.databind.json.JsonMapper;

class BeancountJournalTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final UUID ID = UUID.fromString("0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d");
    private static final Instant NINE = Instant.parse("2026-01-31T09:00:00Z");

    private final StringBuilder journal = new StringBuilder();
    private final BeancountJournal writer = new BeancountJournal(journal);
    private long sequence;

    @TempDir
    Path folder;

    @Test
    void a_transaction_is_one_entry_and_each_account_is_opened_before_it() throws IOException {
        writer.begin("acme");
        append(new LedgerOpened(null, Map.of()));
        append(transaction(
                "order \"7\"",
                Map.of("channel", "web"),
                posting("world", "users:42:main_wallet", "USD/2", "1050"),
                posting("users:42:main_wallet", "Users:42:main-wallet", "P", "3")));
        append(new HoldCaptured(
                ID, ID, List.of(posting("world", "-", "USD/2", "5")), Amount.ZERO, true, NINE, Map.of()));

        assertThat(journal).hasToString("""
                ; Ledger acme, exported by Daybook
                option "title" "acme"

                0001-01-01 open Equity:World
                  daybook: "world"

                0001-01-01 open Assets:Users:42:Main-wallet
                  daybook: "users:42:main_wallet"

                0001-01-01 open Assets:Users:42:Main-wallet-2
                  daybook: "Users:42:main-wallet"

                2026-01-31 * "order \\"7\\""
                  id: "0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d"
                  sequence: 2
                  ; channel: web
                  Equity:World  -10.50 USD.2
                  Assets:Users:42:Main-wallet  10.50 USD.2
                  Assets:Users:42:Main-wallet  -3 P_0
                  Assets:Users:42:Main-wallet-2  3 P_0

                0001-01-01 open Assets:X-
                  daybook: "-"

                2026-01-31 * "0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d"
                  id: "0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d"
                  sequence: 3
                  hold: "0b7e5b0c-6d0f-4a54-9a3c-1d2f3a4b5c6d"
                  Equity:World  -0.05 USD.2
                  Assets:X-  0.05 USD.2
                """);
    }

    @Test
    void what_beancount_cannot_hold_ends_the_export() {
        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(
                        () -> append(transaction(null, Map.of(), posting("world", "a", "USD/2", "1" + "0".repeat(28)))))
                .withMessageContaining("beancount counts with 28 digits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a; b",
                "* ! (7) | x",
                "line\n2020-01-01 open Assets:X",
                "tab\tand\rreturn",
                "next\u0085line\u2028separator\u2029",
                "back\\slash \"quotes\" ünïcödé 漢字 🪙",
                "\\",
                "    ",
                "",
                "end of file\u0000\u001a"
            })
    void whatever_stands_in_a_reference_or_in_metadata_beancount_reads_the_same_entry(String text)
            throws IOException, InterruptedException {
        Beancount.assumeInstalled();
        writer.begin("acme");
        append(transaction(
                text, Map.of("note", text, text, "value"), posting("world", "users:42:wallet", "USD/2", "1050")));

        Path file = Files.writeString(folder.resolve("acme.beancount"), journal);
        Beancount.check(file);

        assertThat(Beancount.balances(file))
                .isEqualTo(Map.of(
                        "world USD.2", new BigDecimal("-10.50"), "users:42:wallet USD.2", new BigDecimal("10.50")));
    }

    /** Words of beancount, of its query language and of Python, and what they would be escaped as. */
    @Test
    void whatever_an_asset_or_an_account_is_called_beancount_reads_it() throws IOException, InterruptedException {
        Beancount.assumeInstalled();
        List<String> assets = List.of(
                "TRUE",
                "FALSE",
                "NULL",
                "TRUE/0",
                "FALSE/2",
                "NULL/99",
                "P",
                "P/0",
                "P0",
                "NONE",
                "NAN",
                "INF",
                "E1",
                "TXN",
                "OPEN",
                "CLOSE",
                "PAD",
                "NOTE",
                "EVENT",
                "PRICE",
                "QUERY",
                "CUSTOM",
                "OPTION",
                "Z",
                "ABCDEFGHIJKLMNOP/99");
        List<String> accounts = List.of(
                "TRUE",
                "true",
                "NULL:x",
                "0",
                "9a:b",
                "equity:World",
                "Assets",
                "assets:world",
                "x",
                "X",
                "X-",
                "_x",
                "-x",
                "2",
                "World",
                "open",
                "a".repeat(255));
        Map<String, BigDecimal> ours = new TreeMap<>();
        writer.begin("true");
        for (String account : accounts) {
            for (String asset : assets) {
                append(transaction(null, Map.of(), posting("world", account, asset, "1")));
                BigDecimal one = new BigDecimal(BigInteger.ONE, new Asset(asset).decimals());
                ours.put(account + " " + BeancountJournal.commodity(new Asset(asset)), one);
                ours.merge("world " + BeancountJournal.commodity(new Asset(asset)), one.negate(), BigDecimal::add);
            }
        }

        Path file = Files.writeString(folder.resolve("true.beancount"), journal);
        Beancount.check(file);

        assertThat(Beancount.balances(file)).isEqualTo(ours);
        assertThat(assets.stream().map(Asset::new).map(BeancountJournal::commodity))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void beancount_has_exactly_our_balances(long seed) throws IOException, InterruptedException {
        Beancount.assumeInstalled();
        Random random = new Random(seed);
        List<String> accounts =
                List.of("world", "World", "a", "A", "a:b", "a_b", "a-b", "a-2", "-x", "_:9", "bank:transfers:AB", "0");
        List<String> assets = List.of("USD/2", "USD/3", "USD", "BTC/8", "P", "X1", "ETH/18", "ABCDEFGHIJKLMNOP/99");
        Map<String, BigDecimal> ours = new TreeMap<>();
        writer.begin("random");
        for (int i = 0; i < 300; i++) {
            List<Posting> postings = new ArrayList<>();
            for (int p = random.nextInt(1, 4); p > 0; p--) {
                String source = accounts.get(random.nextInt(accounts.size()));
                String destination = accounts.get(random.nextInt(accounts.size()));
                if (!source.equals(destination)) {
                    Asset asset = new Asset(assets.get(random.nextInt(assets.size())));
                    BigInteger amount = new BigInteger(random.nextInt(1, 70), random);
                    postings.add(posting(source, destination, asset.name(), amount.toString()));
                    BigDecimal value = new BigDecimal(amount, asset.decimals());
                    String commodity = " " + BeancountJournal.commodity(asset);
                    ours.merge(source + commodity, value.negate(), BigDecimal::add);
                    ours.merge(destination + commodity, value, BigDecimal::add);
                }
            }
            if (!postings.isEmpty()) {
                append(new TransactionPosted(new UUID(seed, i), null, postings, effectiveAt(i, random), Map.of()));
            }
        }
        ours.values().removeIf(balance -> balance.signum() == 0);

        Path file = Files.writeString(folder.resolve("random.beancount"), journal);
        Beancount.check(file);

        Map<String, BigDecimal> theirs = Beancount.balances(file);
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
