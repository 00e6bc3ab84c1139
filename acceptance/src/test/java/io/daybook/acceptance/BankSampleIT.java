package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import io.daybook.installation.Installation;
import java.io.BufferedReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real bank's year through every part, as the README's first command does it, and through a crash. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BankSampleIT {

    private static final int TRANSACTIONS = 28_205;

    @TempDir
    static Path folder;

    private TestInstallation daybook;

    @BeforeAll
    void install() {
        daybook = new TestInstallation(folder.resolve("data"));
    }

    @AfterAll
    void takeDown() throws Exception {
        daybook.close();
    }

    @Test
    @Order(1)
    void the_demo_brings_everything_up_imports_the_sample_and_shows_the_books() throws Exception {
        String shown = daybook.daybook("demo", "--detach", "--port", "" + daybook.port())
                .successfully()
                .output();
        assertThat(shown).contains("28,205").contains("CZK").contains("http://127.0.0.1:" + daybook.port());
        assertThat(daybook.daybook("status", "--json").successfully().output()).contains("\"running\"");
    }

    @Test
    @Order(2)
    void every_store_has_every_event_once_and_sums_to_zero() throws Exception {
        long inJournal = number("event-store", "select count(*) from event where ledger = 'berka'");
        assertThat(number("event-store", "select count(*) from event where ledger = 'berka' and type like '%posted%'"))
                .isEqualTo(TRANSACTIONS);
        assertThat(number("books", "select count(*) from event where ledger = 'berka'"))
                .isEqualTo(inJournal);
        assertThat(number("books-replica", "select sequence from ledger where ledger = 'berka'"))
                .isEqualTo(inJournal);
        assertThat(indexed("daybook-events")).isEqualTo(inJournal);

        assertThat(sumInJournal()).isEqualTo(BigInteger.ZERO);
        assertThat(number("books", "select sum(input - output) from balance where ledger = 'berka'"))
                .isZero();
        assertThat(RedisReader.balances(daybook.port("redis"), "berka").values().stream()
                        .reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(BigInteger.ZERO);
    }

    /** Of each account, what it took and what it gave, straight from the events. */
    private BigInteger sumInJournal() throws Exception {
        try (Connection journal = daybook.postgres("event-store");
                ResultSet sum = journal.createStatement().executeQuery("""
                        select sum(side.amount)
                          from event e,
                               jsonb_array_elements(convert_from(e.data, 'UTF8')::jsonb -> 'postings') p,
                               lateral (values (p ->> 'source', -(p ->> 'amount')::numeric),
                                               (p ->> 'destination', (p ->> 'amount')::numeric)) as side (account, amount)
                         where e.ledger = 'berka' and e.type = 'daybook.transaction-posted.v1'
                        """)) {
            sum.next();
            return sum.getBigDecimal(1).toBigIntegerExact();
        }
    }

    private long number(String part, String sql) throws Exception {
        try (Connection connection = daybook.postgres(part);
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private long indexed(String index) {
        int port = daybook.port("elasticsearch");
        daybook.sendTo(port, "POST", "/" + index + "/_refresh", "");
        HttpResponse<String> count = daybook.sendTo(
                port, "GET", "/" + index + "/_count?q=daybook.ledger:berka", "", "Accept", "application/json");
        return Long.parseLong(count.body().replaceAll(".*\"count\":([0-9]+).*", "$1"));
    }

    @Test
    @Order(3)
    void redis_postgresql_and_the_api_agree_on_every_balance() throws Exception {
        Map<String, BigInteger> api = balancesByApi("berka");
        assertThat(api).hasSizeGreaterThan(1_000);
        assertThat(RedisReader.balances(daybook.port("redis"), "berka")).isEqualTo(api);
        for (String account : new String[] {"accounts:2378", "accounts:576", "bank:cash"}) {
            JsonNode one = daybook.get("/v1/ledgers/berka/accounts/" + account);
            assertThat(one.path("balances").path("CZK/2").path("balance").asString())
                    .isEqualTo(api.get(account).toString());
        }
    }

    private Map<String, BigInteger> balancesByApi(String ledger) {
        Map<String, BigInteger> balances = new TreeMap<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = daybook.get("/v1/ledgers/" + ledger + "/accounts?limit=1000" + cursor);
            page.path("data").forEach(account -> account.path("balances")
                    .forEach(balance -> balances.put(
                            account.path("account").asString(),
                            new BigInteger(balance.path("balance").asString()))));
            cursor = page.path("next").isNull()
                    ? null
                    : "&cursor=" + page.path("next").asString();
        }
        return balances;
    }

    /** As {@link io.daybook.events.HashChain} says that anybody can: from nothing but what the API gives. */
    @Test
    @Order(3)
    void the_hash_chain_can_be_computed_from_the_events_of_the_api() {
        byte[] previous = HashChain.genesis();
        for (JsonNode event : daybook.get("/v1/ledgers/berka/events?limit=1000").path("data")) {
            previous = HashChain.next(
                    previous,
                    event.path("chain").asInt(1),
                    new LedgerId("berka"),
                    event.path("sequence").asLong(),
                    UUID.fromString(event.path("id").asString()),
                    event.path("type").asString(),
                    Instant.parse(event.path("recordedAt").asString()),
                    event.path("requestId").asString(),
                    event.path("actor").asString(),
                    event.path("data").toString().getBytes(StandardCharsets.UTF_8));
            assertThat(HexFormat.of().formatHex(previous))
                    .isEqualTo(event.path("hash").asString());
        }
    }

    @Test
    @Order(4)
    void hledger_computes_the_same_balances_from_the_export() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/hledger")))
                .as("hledger is not installed: 'apt-get install hledger' to have this checked")
                .isTrue();
        Path journal = folder.resolve("berka.journal");
        daybook.daybook("export", "--format", "hledger", "--ledger", "berka", "--output", journal.toString())
                .successfully();
        Process hledger = new ProcessBuilder(
                        "hledger",
                        "-f",
                        journal.toString(),
                        "balance",
                        "--flat",
                        "--empty",
                        "--no-total",
                        "--layout=bare",
                        "--output-format",
                        "csv")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, BigInteger> theirs = new TreeMap<>();
        try (BufferedReader lines = hledger.inputReader()) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // account, commodity, balance
                String[] columns = line.replace("\"", "").split(",", 3);
                theirs.put(
                        columns[0], new BigDecimal(columns[2]).movePointRight(2).toBigIntegerExact());
            }
        }
        assertThat(hledger.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(hledger.exitValue()).isZero();
        assertThat(theirs).isEqualTo(balancesByApi("berka"));
    }

    @Test
    @Order(5)
    void nothing_is_lost_by_down_and_up() throws Exception {
        Map<String, BigInteger> before = balancesByApi("berka");
        daybook.daybook("down").successfully();
        assertThat(Installation.read(daybook.data())).isEmpty();
        daybook.up().successfully();
        assertThat(balancesByApi("berka")).isEqualTo(before);
        assertThat(daybook.daybook("demo", "--detach").successfully().output()).contains("28,205");
    }

    @Test
    @Order(6)
    void an_import_that_was_killed_and_done_again_gives_the_same_books() throws Exception {
        String sample =
                TestInstallation.HOME.resolve("samples/berka-1993.csv.gz").toString();
        TestInstallation.Running importing = daybook.start("import", "berka", sample, "--ledger", "again");
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> number("event-store", "select count(*) from event where ledger = 'again'") > 3_000);
        ProcessHandle application = daybook.facts().process().orElseThrow();
        application.destroyForcibly();
        application.onExit().get(10, TimeUnit.SECONDS);
        importing.join();

        daybook.up().successfully();
        assertThat(number("event-store", "select count(*) from event where ledger = 'again'"))
                .isLessThan(TRANSACTIONS);
        daybook.daybook("import", "berka", sample, "--ledger", "again").successfully();

        long sequence = number("event-store", "select max(sequence) from event where ledger = 'again'");
        assertThat(number("event-store", "select count(*) from event where ledger = 'again' and type like '%posted%'"))
                .isEqualTo(TRANSACTIONS);
        assertThat(daybook.get("/v1/ledgers/again", "Min-Ledger-Sequence", "" + sequence)
                        .path("transactions")
                        .asLong())
                .isEqualTo(TRANSACTIONS);
        assertThat(balancesByApi("again")).isEqualTo(balancesByApi("berka"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(RedisReader.balances(daybook.port("redis"), "again"))
                        .isEqualTo(RedisReader.balances(daybook.port("redis"), "berka")));
    }
}
