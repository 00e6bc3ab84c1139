package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.cli.export.Beancount;
import io.daybook.cli.export.Hledger;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people keep books of, with numbers that can be followed on paper. After each, hledger and beancount compute the
 * same balances from its export.
 */
@ExtendWith(SharedInstallation.class)
class WorkedExamplesIT {

    private final TestInstallation daybook;
    private String ledger;
    private String sequence;

    WorkedExamplesIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    @BeforeEach
    void open() {
        ledger = "example-" + UUID.randomUUID();
        command(201, "PUT", "", "{}");
    }

    @Test
    void a_marketplace_sale_with_fee_and_tax_and_a_later_refund() {
        // 100.00 and 21 % tax; the marketplace keeps 10 % of what is paid.
        JsonNode sale = transaction(
                "world > orders:1: 121.00 EUR",
                "orders:1 > tax:vat: 21.00 EUR",
                "orders:1 > marketplace:fees: 12.10 EUR",
                "orders:1 > sellers:bob: 87.90 EUR");
        assertBalances(
                "marketplace:fees: 12.10 EUR", "sellers:bob: 87.90 EUR", "tax:vat: 21.00 EUR", "world: -121.00 EUR");

        command(201, "POST", "/transactions/" + sale.path("id").asString() + "/reversal", "{}");
        assertBalances();
        // The fee of the refund is the marketplace's, and bob owes nothing.
        assertThat(entries("sellers:bob")).containsExactly("87.90 EUR, then 87.90", "-87.90 EUR, then 0.00");
    }

    @Test
    void a_card_authorisation_captured_in_two_parts_and_the_rest_released() {
        transaction("world > cards:7: 200.00 EUR");
        String hold = command(
                        201,
                        "POST",
                        "/holds",
                        "{\"source\":\"cards:7\",\"destination\":\"hotel\",\"asset\":\"EUR/2\",\"amount\":15000}")
                .path("id")
                .asString();
        assertThat(standing("cards:7")).isEqualTo("200.00, held 150.00, available 50.00");
        command(201, "POST", "/holds/" + hold + "/capture", "{\"amount\":6000}");
        assertThat(standing("cards:7")).isEqualTo("140.00, held 90.00, available 50.00");
        command(201, "POST", "/holds/" + hold + "/capture", "{\"amount\":3000,\"final\":true}");
        assertThat(standing("cards:7")).isEqualTo("110.00, held 0.00, available 110.00");
        assertBalances("cards:7: 110.00 EUR", "hotel: 90.00 EUR", "world: -200.00 EUR");
    }

    @Test
    void a_currency_exchange_through_a_liquidity_account() {
        command(201, "PUT", "/accounts/liquidity", "{\"overdraft\":\"unlimited\"}");
        transaction("world > clients:ida: 100.00 EUR");
        // 0.50 fee, and 99.50 at 1.0850 is 107.96 (107.9575).
        transaction(
                "clients:ida > fees: 0.50 EUR",
                "clients:ida > liquidity: 99.50 EUR",
                "liquidity > clients:ida: 107.96 USD");
        assertBalances(
                "clients:ida: 107.96 USD",
                "fees: 0.50 EUR",
                "liquidity: 99.50 EUR",
                "liquidity: -107.96 USD",
                "world: -100.00 EUR");
    }

    @Test
    void a_payroll_batch_that_is_paid_whole_or_not_at_all() {
        // Of 3,000.00, 4,200.00 and 2,550.00: 20 % tax, 9 % social insurance, the rest paid out.
        String batch = "{\"atomic\":true,\"transactions\":["
                + String.join(
                        ",",
                        body("company > tax: 600.00 EUR", "company > social: 270.00 EUR", "company > ana: 2130.00 EUR"),
                        body("company > tax: 840.00 EUR", "company > social: 378.00 EUR", "company > ben: 2982.00 EUR"),
                        body("company > tax: 510.00 EUR", "company > social: 229.50 EUR", "company > cem: 1810.50 EUR"))
                + "]}";
        transaction("world > company: 9749.99 EUR");
        JsonNode results = command(200, "POST", "/transactions/batch", batch).path("results");
        assertThat(results).extracting(result -> result.path("status").asInt()).containsExactly(424, 424, 422);
        assertBalances("company: 9749.99 EUR", "world: -9749.99 EUR");

        transaction("world > company: 0.01 EUR");
        results = command(200, "POST", "/transactions/batch", batch).path("results");
        assertThat(results).extracting(result -> result.path("status").asInt()).containsOnly(201);
        assertBalances(
                "ana: 2130.00 EUR",
                "ben: 2982.00 EUR",
                "cem: 1810.50 EUR",
                "social: 877.50 EUR",
                "tax: 1950.00 EUR",
                "world: -9750.00 EUR");
    }

    @Test
    void a_month_of_a_loan_with_interest() {
        // 10,000.00 at 6 % a year in twelve payments of 860.66: the first month's interest is 50.00.
        command(201, "PUT", "/accounts/loans:7", "{\"overdraft\":{\"EUR/2\":\"1005000\"}}");
        transactionOn("2026-01-01T00:00:00Z", "loans:7 > clients:carl: 10000.00 EUR");
        transactionOn("2026-01-31T23:00:00Z", "loans:7 > interest: 50.00 EUR");
        transactionOn("2026-02-01T09:00:00Z", "clients:carl > loans:7: 860.66 EUR");
        assertBalances("clients:carl: 9139.34 EUR", "interest: 50.00 EUR", "loans:7: -9189.34 EUR");
        assertThat(balanceAt("loans:7", "2026-01-31T22:59:59Z")).isEqualTo("-10000.00");
        assertThat(balanceAt("loans:7", "2026-01-31T23:30:00Z")).isEqualTo("-10050.00");
        assertThat(entries("loans:7"))
                .containsExactly(
                        "-10000.00 EUR, then -10000.00", "-50.00 EUR, then -10050.00", "860.66 EUR, then -9189.34");
    }

    @AfterEach
    void hledger_agrees() throws Exception {
        Hledger.assumeInstalled();
        assertThat(Hledger.balances(exported("hledger"))).isEqualTo(balances());
    }

    @AfterEach
    void beancount_agrees() throws Exception {
        Beancount.assumeInstalled();
        Map<String, BigDecimal> beancount = new TreeMap<>();
        // Its commodities cannot have a slash: EUR.2 is EUR/2.
        Beancount.balances(exported("beancount"))
                .forEach((account, balance) -> beancount.put(account.replaceFirst("\\.2$", "/2"), balance));
        assertThat(beancount).isEqualTo(balances());
    }

    private Path exported(String format) throws Exception {
        Path file = SharedInstallation.folder(daybook).resolve(ledger + "." + format);
        daybook.daybook("export", "--format", format, "--ledger", ledger, "--output", file.toString())
                .successfully();
        return file;
    }

    private JsonNode command(int status, String method, String path, String body) {
        HttpResponse<String> answer = daybook.send(method, "/v1/ledgers/" + ledger + path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        sequence = answer.headers().firstValue("Ledger-Sequence").orElseThrow();
        return JsonMapper.shared().readTree(answer.body());
    }

    private JsonNode transaction(String... postings) {
        return command(201, "POST", "/transactions", body(postings));
    }

    private void transactionOn(String effectiveAt, String... postings) {
        command(
                201,
                "POST",
                "/transactions",
                body(postings).replaceFirst("\\{", "{\"effectiveAt\":\"" + effectiveAt + "\","));
    }

    /** Of postings such as {@code world > orders:1: 121.00 EUR}, in hundredths. */
    private static String body(String... postings) {
        return Arrays.stream(postings)
                .map(posting -> {
                    String[] words = posting.split(" > |: (?=[0-9])| (?=[A-Z]{3}$)");
                    return "{\"source\":\"%s\",\"destination\":\"%s\",\"asset\":\"%s/2\",\"amount\":\"%s\"}"
                            .formatted(
                                    words[0],
                                    words[1],
                                    words[3],
                                    new BigDecimal(words[2]).movePointRight(2).toBigIntegerExact());
                })
                .collect(Collectors.joining(",", "{\"postings\":[", "]}"));
    }

    private JsonNode get(String path) {
        return daybook.get("/v1/ledgers/" + ledger + path, "Min-Ledger-Sequence", sequence);
    }

    private void assertBalances(String... expected) {
        assertThat(balances().entrySet().stream().map(balance -> balance.getKey()
                        .replace("/2", "")
                        .replace(" ", ": " + balance.getValue().setScale(2) + " ")))
                .containsExactly(expected);
    }

    /** Every balance that is not zero, by account and asset. */
    private Map<String, BigDecimal> balances() {
        Map<String, BigDecimal> balances = new TreeMap<>();
        for (JsonNode account : get("/accounts?limit=1000").path("data")) {
            account.path("balances").properties().forEach(balance -> {
                BigDecimal amount = money(balance.getValue().path("balance"));
                if (amount.signum() != 0) {
                    balances.put(account.path("account").asString() + " " + balance.getKey(), amount);
                }
            });
        }
        return balances;
    }

    private String standing(String account) {
        JsonNode balance = get("/accounts/" + account).path("balances").path("EUR/2");
        return money(balance.path("balance"))
                + ", held " + money(balance.path("held"))
                + ", available " + money(balance.path("available"));
    }

    private String balanceAt(String account, String time) {
        return money(get("/accounts/" + account + "?at=" + time)
                        .path("balances")
                        .path("EUR/2")
                        .path("balance"))
                .toString();
    }

    private Iterable<String> entries(String account) {
        return get("/accounts/" + account + "/entries")
                .path("data")
                .valueStream()
                .map(line -> money(line.path("amount")) + " "
                        + line.path("asset").asString().replace("/2", "") + ", then " + money(line.path("balance")))
                .toList();
    }

    private static BigDecimal money(JsonNode hundredths) {
        return new BigDecimal(hundredths.asString()).movePointLeft(2);
    }
}
