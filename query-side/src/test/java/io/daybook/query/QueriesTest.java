package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.query.Client.Answer;
import io.daybook.stores.redis.BalanceKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract of the queries, over HTTP and on real stores. */
class QueriesTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final String SHOP = "/v1/ledgers/shop";

    private static Stores stores;
    private static ConfigurableApplicationContext application;
    private static Client client;
    private static UUID sale;
    private static UUID fee;

    @BeforeAll
    static void start() {
        stores = new Stores();
        Stores.Ledger shop = stores.ledger("shop").open();
        shop.configure("users:1", "{\"tier\":\"gold\"}");
        sale = shop.post("world", "users:1", "USD/2", 1000, "2026-02-01T00:00:00Z", "order 1", "{\"channel\":\"web\"}");
        fee = shop.post("users:1", "fees", "USD/2", 30, "2026-01-15T00:00:00Z");
        shop.post("world", "users:2", "BTC/8", 5, "2026-03-01T00:00:00Z");
        shop.configure("users:1", "{\"tier\":\"silver\"}");
        stores.awaitReplicas();
        application = QuerySideApplication.start(stores.services.properties());
        client = new Client(application);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    @Test
    void a_ledger_tells_how_far_it_is_and_what_it_has() {
        Answer answer = client.get(SHOP);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Ledger-Sequence")).isEqualTo("6");
        assertThat(answer.header("Content-Length")).as("in one piece").isNotNull();
        assertThat(answer.body())
                .isEqualTo(
                        json(
                                "{'ledger':'shop','region':null,'metadata':{'team':'a'},'openedAt':'2026-06-01T00:00:01.123456Z','sequence':6,'accounts':4,'transactions':3}"));
        assertThat(client.get("/v1/ledgers").body().path("data")).contains(answer.body());
        assertThat(names(client.get("/v1/ledgers?metadata%5Bteam%5D=a"), "ledger"))
                .contains("shop");
        assertThat(names(client.get("/v1/ledgers?metadata%5Bteam%5D=b"), "ledger"))
                .isEmpty();
    }

    @Test
    void an_account_is_told_now_at_a_time_and_as_of_a_sequence() {
        assertThat(client.get(SHOP + "/accounts/users:1").body())
                .isEqualTo(
                        json(
                                "{'account':'users:1','balances':{'USD/2':{'balance':'970','held':'0','available':'970','input':'1000','output':'30'}},'metadata':{'tier':'silver'},'sequence':6}"));
        assertThat(client.get(SHOP + "/accounts/users:1?at=2026-01-20T00:00:00Z")
                        .body()
                        .at("/balances")
                        .path("USD/2"))
                .isEqualTo(json("{'balance':'-30','held':'0','available':'0','input':'0','output':'30'}"));
        assertThat(client.get(SHOP + "/accounts/users:1?asOf=3").body())
                .isEqualTo(
                        json(
                                "{'account':'users:1','balances':{'USD/2':{'balance':'1000','held':'0','available':'1000','input':'1000','output':'0'}},'metadata':{'tier':'gold'},'sequence':3}"));
        assertThat(client.get(SHOP + "/accounts/users:2?asOf=4").code()).isEqualTo("account-not-found");
        assertThat(client.get(SHOP + "/accounts/users:1?asOf=7").code()).isEqualTo("projection-behind");
    }

    @Test
    void accounts_are_listed_by_prefix_and_metadata() {
        Answer all = client.get(SHOP + "/accounts");

        assertThat(all.header("Ledger-Sequence")).isEqualTo("6");
        assertThat(names(all, "account")).containsExactly("fees", "users:1", "users:2", "world");
        assertThat(all.body().at("/data/1"))
                .isEqualTo(client.get(SHOP + "/accounts/users:1").body());
        assertThat(names(client.get(SHOP + "/accounts?prefix=users:"), "account"))
                .containsExactly("users:1", "users:2");
        assertThat(names(client.get(SHOP + "/accounts?metadata%5Btier%5D=silver"), "account"))
                .containsExactly("users:1");
        assertThat(names(client.get(SHOP + "/accounts?metadata%5Btier%5D=gold"), "account"))
                .isEmpty();
    }

    @Test
    void a_statement_has_the_balance_after_each_line() {
        Answer answer = client.get(SHOP + "/accounts/users:1/entries");

        assertThat(answer.body().at("/data/1"))
                .isEqualTo(json(
                        "{'sequence':4,'transaction':'%s','asset':'USD/2','amount':'-30','balance':'970','effectiveAt':'2026-01-15T00:00:00Z','recordedAt':'2026-06-01T00:00:04.123456Z'}"
                                .formatted(fee)));
        assertThat(answer.header("Ledger-Sequence")).isEqualTo("6");
        assertThat(names(
                        client.get(
                                SHOP
                                        + "/accounts/users:1/entries?asset=USD/2&from=2026-01-15T00:00:00Z&to=2026-02-01T00:00:00Z"),
                        "amount"))
                .containsExactly("-30");
        assertThat(names(client.get(SHOP + "/accounts/users:1/entries?asset=BTC/8"), "amount"))
                .isEmpty();
        Answer first = client.get(SHOP + "/accounts/users:1/entries?limit=1");
        assertThat(names(
                        client.get(SHOP + "/accounts/users:1/entries?limit=1&cursor="
                                + first.body().path("next").asString()),
                        "amount"))
                .containsExactly("-30");
        Answer newest = client.get(SHOP + "/accounts/users:1/entries?limit=1&order=desc");
        assertThat(names(newest, "balance")).containsExactly("970");
        assertThat(names(
                        client.get(SHOP + "/accounts/users:1/entries?limit=1&order=desc&cursor="
                                + newest.body().path("next").asString()),
                        "balance"))
                .containsExactly("1000");
    }

    @Test
    void transactions_are_found_by_what_they_have() {
        JsonNode one = client.get(SHOP + "/transactions/" + sale).body();

        assertThat(one)
                .isEqualTo(json(
                        "{'id':'%s','ledger':'shop','sequence':3,'reference':'order 1','postings':[{'amount':'1000','asset':'USD/2','destination':'users:1','source':'world'}],'metadata':{'channel':'web'},'effectiveAt':'2026-02-01T00:00:00Z','recordedAt':'2026-06-01T00:00:03.123456Z','hash':'%064x'}"
                                .formatted(sale, 3)));
        assertThat(client.get(SHOP + "/transactions").body().at("/data/2")).isEqualTo(one);
        assertThat(client.get(SHOP + "/transactions/" + fee)
                        .body()
                        .path("reference")
                        .isNull())
                .isTrue();
        assertThat(sequences("/transactions")).containsExactly(5L, 4L, 3L);
        assertThat(sequences("/transactions?account=users:1")).containsExactly(4L, 3L);
        assertThat(sequences("/transactions?account=nobody")).isEmpty();
        assertThat(sequences("/transactions?reference=order%201")).containsExactly(3L);
        assertThat(sequences("/transactions?metadata%5Bchannel%5D=web")).containsExactly(3L);
        assertThat(sequences("/transactions?from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z"))
                .containsExactly(3L);
        assertThat(sequences("/transactions?account=world&from=2026-02-02T00:00:00Z"))
                .containsExactly(5L);
    }

    @Test
    void events_are_told_as_they_were_recorded() {
        Answer answer = client.get(SHOP + "/events?after=0");

        assertThat(sequences("/events")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(sequences("/events?after=4")).containsExactly(5L, 6L);
        assertThat(answer.body().at("/data/0"))
                .isEqualTo(json(
                        "{'sequence':1,'id':'%s','type':'daybook.ledger-opened.v1','recordedAt':'2026-06-01T00:00:01.123456Z','requestId':'request-1','actor':'anonymous','data':{'metadata':{'team':'a'}},'hash':'%064x'}"
                                .formatted(new UUID(9, 1), 1)));
        assertThat(answer.body().at("/data/1/chain").asInt()).isEqualTo(2);
        assertThat(answer.body().at("/data/2/effectiveAt").asString()).isEqualTo("2026-02-01T00:00:00Z");
    }

    @Test
    void sums_are_told_by_prefix_and_are_zero_over_all() {
        assertThat(client.get(SHOP + "/balances?prefix=users:").body())
                .isEqualTo(
                        json(
                                "{'ledger':'shop','prefix':'users:','balances':{'BTC/8':{'balance':'5','input':'5','output':'0'},'USD/2':{'balance':'970','input':'1000','output':'30'}},'sequence':6}"));
        assertThat(client.get(SHOP + "/balances?prefix=users:&asOf=3").body())
                .isEqualTo(
                        json(
                                "{'ledger':'shop','prefix':'users:','balances':{'USD/2':{'balance':'1000','input':'1000','output':'0'}},'sequence':3}"));
        for (String query : List.of("/balances", "/balances?at=2026-02-01T00:00:00Z", "/balances?asOf=4")) {
            JsonNode balances = client.get(SHOP + query).body().path("balances");
            assertThat(balances).isNotEmpty();
            assertThat(balances)
                    .allSatisfy(
                            sum -> assertThat(sum.path("balance").asString()).isEqualTo("0"));
        }
    }

    @Test
    void what_is_not_there_is_not_found() {
        for (String path : List.of(
                "",
                "/accounts",
                "/accounts/users:1",
                "/accounts/world",
                "/accounts/users:1/entries",
                "/transactions",
                "/transactions/" + sale,
                "/events",
                "/holds",
                "/holds/" + sale,
                "/balances")) {
            Answer answer = client.get("/v1/ledgers/nowhere" + path);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("ledger-not-found");
        }
        for (String path : List.of("/accounts/nobody", "/accounts/nobody/entries", "/accounts/nobody?asOf=3")) {
            Answer answer = client.get(SHOP + path);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("account-not-found");
            assertThat(answer.header("Ledger-Sequence")).isEqualTo("6");
        }
        Answer transaction = client.get(SHOP + "/transactions/" + new UUID(1, 1));
        assertThat(transaction.code()).isEqualTo("transaction-not-found");
        assertThat(transaction.header("Ledger-Sequence")).isEqualTo("6");
        assertThat(client.get(SHOP + "/holds/" + sale).code()).isEqualTo("hold-not-found");
    }

    @Test
    void the_world_is_in_every_ledger() {
        stores.ledger("untouched").open();
        stores.awaitReplicas();

        assertThat(client.get("/v1/ledgers/untouched/accounts/world").body())
                .isEqualTo(json("{'account':'world','balances':{},'metadata':{},'sequence':1}"));
        assertThat(client.get("/v1/ledgers/untouched/accounts/world/entries").body())
                .isEqualTo(json("{'data':[],'next':null}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ledgers?prefix=a",
                "/v1/ledgers?limit=0",
                "/v1/ledgers?limit=1001",
                "/v1/ledgers?limit=x",
                "/v1/ledgers?limit=1&limit=2",
                "/v1/ledgers?cursor=x",
                "/v1/ledgers?cursor=%25",
                "/v1/ledgers?asOf=1",
                "/v1/ledgers/Shop",
                SHOP + "?limit=1",
                SHOP + "/accounts?prefix=a%20b",
                SHOP + "/accounts?q=1",
                SHOP + "/accounts?metadata=1",
                SHOP + "/accounts?metadata%5B%5D=1",
                SHOP + "/accounts?metadata%5Ba%5D=%00",
                SHOP + "/accounts/a::b",
                SHOP + "/accounts/users:1?at=yesterday",
                SHOP + "/accounts/users:1?asOf=0",
                SHOP + "/accounts/users:1?asOf=-1",
                SHOP + "/accounts/users:1?cursor=a",
                SHOP + "/accounts/users:1/entries?asset=usd",
                SHOP + "/accounts/users:1/entries?from=1",
                SHOP + "/accounts/users:1/entries?to=1",
                SHOP + "/accounts/users:1/entries?order=newest",
                SHOP + "/accounts/users:1/entries?from=2026-02-01T00:00:00Z&to=2026-01-31T23:59:59.999999Z",
                SHOP + "/accounts/users:1/entries?from=2026-02-01T01:00:00%2B01:00&to=2026-01-31T23:59:59Z",
                SHOP + "/accounts/users:1/entries?asset=",
                SHOP + "/accounts/users:1/entries?order=",
                SHOP + "/accounts/users:1/entries?from=2026-02-01T00:00:00Z&from=2026-02-01T00:00:00Z",
                SHOP + "/accounts/users:1%3Bv=1",
                SHOP + "/holds?state=gone",
                SHOP + "/holds/1",
                SHOP + "/transactions?account=%20",
                SHOP + "/transactions?from=2026",
                SHOP + "/transactions?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
                SHOP + "/transactions?reference=",
                SHOP + "/transactions?reference",
                SHOP + "/transactions?account=",
                SHOP + "/transactions?from=",
                SHOP + "/transactions?limit=",
                SHOP + "/transactions?cursor=",
                SHOP + "/holds?state=",
                SHOP + "/events?after=",
                SHOP + "/transactions/1",
                SHOP + "/events?after=-1",
                SHOP + "/events?from=1",
                SHOP + "/balances?at=now",
                SHOP + "/balances?asOf=0",
                SHOP + "/balances?limit=1",
                "/v1/audit?shop=shop",
                "/v1/audit?from=1",
                "/v1/audit?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
                "/v1/audit?type=transaction",
                "/v1/audit?type=",
                "/v1/audit?kind=",
                "/v1/projections?ledger=X",
                "/v1/projections?limit=1",
            })
    void what_a_query_does_not_take_is_refused(String path) {
        Answer answer = client.get(path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid-field");
        assertThat(answer.body().at("/errors/0/field").asString("")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ledgers;v=1",
                "/v1/ledgers/shop;v=1",
                "/v1/ledgers/shop;v=1/accounts/users:1",
                SHOP + "/accounts/users:1;v=1",
                SHOP + "/accounts/users:1;",
                SHOP + "/accounts/users:1;/entries",
                SHOP + "/transactions;jsessionid=1",
                "/v1/audit;q=1",
                "/v1/projections;x",
                "/openapi;x",
                "/v1/nothing;x",
                SHOP + "/accounts/users%2F1",
                SHOP + "/accounts/users%5C1",
                SHOP + "/accounts/%2e%2e",
                SHOP + "/accounts/..",
                SHOP + "/accounts/%C3%28"
            })
    void a_path_that_names_something_else_is_refused(String path) {
        Answer answer = client.get(path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isIn("malformed-request", "invalid-field");
        assertProblem(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1//ledgers",
                SHOP + "//accounts",
                SHOP + "/../shop",
                SHOP + "/",
                "/v1/nothing",
                "/error",
                "/",
                "/x.html"
            })
    void what_is_nowhere_is_not_found(String path) {
        Answer answer = client.get(path, "Accept", "text/html");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("not-found");
        assertProblem(answer);
    }

    @Test
    void an_answer_is_json_and_a_refusal_a_problem_whatever_is_preferred() {
        for (String accept : List.of("application/problem+json, application/json", "application/*+json, */*", "*/*")) {
            for (String path : List.of(SHOP, SHOP + "/accounts", SHOP + "/accounts/users:1", SHOP + "/events")) {
                assertThat(client.get(path, "Accept", accept).header("Content-Type"))
                        .as("%s of %s", accept, path)
                        .isEqualTo("application/json");
            }
            assertProblem(client.get(SHOP + "?limit=1", "Accept", accept));
        }
        for (String accept : List.of("text/html", "application/xml, text/*", "application/problem+json", "nothing")) {
            Answer answer = client.get(SHOP, "Accept", accept);
            assertThat(answer.status()).as(accept).isEqualTo(406);
            assertThat(answer.code()).isEqualTo("not-acceptable");
            assertProblem(answer);
        }
    }

    private static void assertProblem(Answer answer) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body().path("status").asInt()).isEqualTo(answer.status());
        assertThat(answer.body().path("detail").asString(""))
                .isNotEmpty()
                .doesNotContainIgnoringCase("resource", "supported", "representation", "mime", "exception", "java");
    }

    /** Each amount is what a posting of "max" would take: the property that {@code ModelIT} asks both sides for. */
    @Test
    void what_is_available_is_what_may_be_spent() {
        Stores.Ledger ledger = stores.ledger("spending").open();
        ledger.post("world", "plain", "USD/2", 100, "2026-01-01T00:00:00Z");
        ledger.post("world", "credit", "USD/2", 100, "2026-01-01T00:00:00Z");
        ledger.post("world", "credit", "EUR/2", 7, "2026-01-01T00:00:00Z");
        ledger.hold("credit", 30);
        long before = ledger.sequence();
        ledger.settings("credit", "{\"USD/2\":\"50\"}", "{}", false);
        stores.awaitReplicas();
        assertThat(available("credit")).isEqualTo("{\"EUR/2\":\"7\",\"USD/2\":\"120\"}");
        ledger.settings(
                "credit",
                "{\"USD/2\":\"50\"}",
                "{\"USD/2\":{\"min\":\"-20\"},\"EUR/2\":{\"min\":\"9\",\"max\":\"10\"}}",
                false);
        ledger.settings("plain", "\"unlimited\"", "{\"EUR/2\":{\"min\":\"0\"}}", false);
        stores.awaitReplicas();
        assertThat(available("credit")).isEqualTo("{\"EUR/2\":\"0\",\"USD/2\":\"90\"}");
        assertThat(available("plain")).isEqualTo("{\"USD/2\":\"unlimited\"}");
        assertThat(available("world")).isEqualTo("{\"EUR/2\":\"unlimited\",\"USD/2\":\"unlimited\"}");
        ledger.settings("credit", "\"unlimited\"", "{}", true);
        stores.awaitReplicas();
        assertThat(available("credit")).isEqualTo("{\"EUR/2\":\"0\",\"USD/2\":\"0\"}");
        assertThat(available("credit?asOf=" + before)).isEqualTo("{\"EUR/2\":\"7\",\"USD/2\":\"70\"}");
        assertThat(available("credit?asOf=" + (before + 1))).isEqualTo("{\"EUR/2\":\"7\",\"USD/2\":\"120\"}");
        assertThat(available("plain?at=" + ledger.recordedAt(before + 3).minusNanos(1_000)))
                .isEqualTo("{\"USD/2\":\"100\"}");
        assertThat(available("plain?at=" + ledger.recordedAt(before + 3))).isEqualTo("{\"USD/2\":\"unlimited\"}");
    }

    private static String available(String account) {
        JsonNode balances =
                client.get("/v1/ledgers/spending/accounts/" + account).body().path("balances");
        Map<String, String> available = new TreeMap<>();
        balances.propertyStream()
                .forEach(asset -> available.put(
                        asset.getKey(), asset.getValue().path("available").asString()));
        return JsonMapper.shared().writeValueAsString(available);
    }

    /** Redis tells what an account has; what it allows is there since a later version. */
    @Test
    void settings_that_redis_does_not_have_are_looked_for_in_the_books() {
        Stores.Ledger ledger = stores.ledger("kept").open();
        ledger.post("world", "old", "USD/2", 100, "2026-01-01T00:00:00Z");
        ledger.settings("old", "{\"USD/2\":\"50\"}", "{}", false);
        stores.awaitReplicas();
        stores.redis(KEYS.position(new LedgerId("kept")), "3");
        Map<String, String> funds = Map.of("in:USD/2", "100", "out:USD/2", "1");
        for (String account : List.of("old", "plain", "new", "world")) {
            stores.redis(KEYS.account(new LedgerId("kept"), account), funds);
        }
        stores.redis(KEYS.account(new LedgerId("kept"), "old"), Map.of("metadata", "{}"));
        stores.redis(KEYS.account(new LedgerId("kept"), "world"), Map.of("metadata", "{}"));
        stores.redis(
                KEYS.account(new LedgerId("kept"), "new"),
                Map.of(
                        "metadata",
                        "{}",
                        "settings",
                        "{\"closed\":false,\"limits\":{\"USD/2\":{\"min\":\"10\"}},\"overdraft\":{}}"));
        assertThat(standing("old")).as("as the books have it").isEqualTo("100 150");
        assertThat(standing("plain")).isEqualTo("99 99");
        assertThat(standing("new")).isEqualTo("99 89");
        assertThat(standing("world")).isEqualTo("99 unlimited");
    }

    private static String standing(String account) {
        JsonNode funds = client.get("/v1/ledgers/kept/accounts/" + account)
                .body()
                .path("balances")
                .path("USD/2");
        return funds.path("balance").asString() + " " + funds.path("available").asString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/ledgers?cursor=%FF", "/v1/audit?q=%C3%28", SHOP + "/accounts?prefix=%FF"})
    void what_is_not_text_is_refused(String path) {
        assertThat(client.get(path).status()).isEqualTo(400);
    }

    @Test
    void all_times_that_can_be_written_can_be_asked_for() {
        String all = "from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999999Z";

        assertThat(sequences("/transactions?" + all)).hasSize(3);
        assertThat(sequences("/accounts/users:1/entries?" + all)).hasSize(2);
        assertThat(client.get(SHOP + "/balances?at=0001-01-01T00:00:00Z").body().path("balances"))
                .isEmpty();
    }

    @Test
    void a_cursor_of_another_list_is_refused() {
        String cursor =
                client.get(SHOP + "/transactions?limit=1").body().path("next").asString();

        assertThat(sequences("/transactions?limit=2&cursor=" + cursor)).containsExactly(4L, 3L);
        for (String path : List.of("/transactions?account=world&cursor=", "/events?cursor=", "/accounts?cursor=")) {
            assertThat(client.get(SHOP + path + cursor).code()).isEqualTo("invalid-field");
        }
    }

    @Test
    void a_least_sequence_is_a_number() {
        for (String value : List.of("x", "-1", "")) {
            assertThat(client.get(SHOP, "Min-Ledger-Sequence", value).code()).isEqualTo("invalid-field");
        }
    }

    @Test
    void a_page_goes_on_where_the_last_one_ended_while_rows_are_written() throws InterruptedException {
        List<PublishedEvent> history = new ArrayList<>();
        history.add(longEvent(1, new LedgerOpened(null, Map.of())));
        for (int i = 2; i <= 2501; i++) {
            history.add(longEvent(i, longTransaction(i)));
        }
        stores.post(history);
        stores.awaitReplicas();
        Thread writer = Thread.ofVirtual().start(() -> {
            for (int i = 2502; i < 2700; i++) {
                stores.post(List.of(longEvent(i, longTransaction(i))));
            }
        });

        List<Long> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = client.get("/v1/ledgers/long/transactions?limit=400" + cursor)
                    .body();
            page.path("data").forEach(row -> seen.add(row.path("sequence").asLong()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asString();
        } while (!cursor.isEmpty());
        writer.join();

        assertThat(seen.getFirst()).isGreaterThanOrEqualTo(2501);
        assertThat(seen)
                .containsExactlyElementsOf(LongStream.iterate(seen.getFirst(), s -> s >= 2, s -> s - 1)
                        .boxed()
                        .toList());
    }

    private static PublishedEvent longEvent(long sequence, LedgerEvent event) {
        return Stores.event(
                "long", sequence, Instant.parse("2026-06-01T00:00:00Z").plusSeconds(sequence), event);
    }

    private static TransactionPosted longTransaction(long number) {
        return new TransactionPosted(
                new UUID(7, number),
                null,
                List.of(new Posting(
                        AccountAddress.WORLD, new AccountAddress("users:1"), new Asset("USD/2"), Amount.of(1))),
                Instant.parse("2026-01-01T00:00:00Z"),
                Map.of());
    }

    private static List<String> names(Answer answer, String field) {
        List<String> names = new ArrayList<>();
        answer.body().path("data").forEach(row -> names.add(row.path(field).asString()));
        return names;
    }

    private static List<Long> sequences(String path) {
        List<Long> sequences = new ArrayList<>();
        client.get(SHOP + path)
                .body()
                .path("data")
                .forEach(row -> sequences.add(row.path("sequence").asLong()));
        return sequences;
    }
}
