package io.daybook.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.events.Posting;
import io.daybook.services.SharedServices;
import io.daybook.stores.audit.AuditKind;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** All three projections on real services, fed as the command side feeds them. */
class ProjectionsTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final Asset USD = new Asset("USD/2");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final SharedServices.Isolated services = SharedServices.get().isolated();
    private final Publisher publisher = new Publisher(services);
    private final RedisClient redisClient = RedisClient.create(services.get("daybook.redis.uri"));
    private ConfigurableApplicationContext application;
    private JdbcTemplate books;

    @BeforeEach
    void start() {
        application = TestProjections.start(services);
        books = application.getBean(JdbcTemplate.class);
    }

    @AfterEach
    void stop() {
        application.close();
        publisher.close();
        redisClient.shutdown();
    }

    private void restart() {
        application.close();
        start();
    }

    private static LedgerEvent posted(Posting... postings) {
        return new TransactionPosted(UUID.randomUUID(), null, List.of(postings), Instant.now(), Map.of("k", "v"));
    }

    private static Posting usd(String source, String destination, Amount amount) {
        return new Posting(new AccountAddress(source), new AccountAddress(destination), USD, amount);
    }

    private long position(String ledger) {
        return books.queryForList("select sequence from ledger where ledger = ?", Long.class, ledger).stream()
                .findFirst()
                .orElse(0L);
    }

    private Map<String, String> inRedis(String ledger, String account) {
        try (var connection = redisClient.connect()) {
            return connection.sync().hgetall(KEYS.account(new LedgerId(ledger), account));
        }
    }

    private long redisPosition(String ledger) {
        try (var connection = redisClient.connect()) {
            String position = connection.sync().get(KEYS.position(new LedgerId(ledger)));
            return position == null ? 0 : Long.parseLong(position);
        }
    }

    private long indexed(String ledger) throws Exception {
        try (Rest5Client client = Rest5Client.builder(java.net.URI.create(services.get("daybook.elasticsearch.uri")))
                .build()) {
            String alias = "/" + AuditKind.EVENTS.named(services.get("daybook.elasticsearch.index-prefix"));
            for (String action : List.of("/_refresh", "/_count")) {
                Request request = new Request("GET", alias + action);
                request.addParameter("ignore_unavailable", "true");
                if (action.equals("/_count")) {
                    request.addParameter("q", "daybook.ledger:" + ledger);
                    String body = new String(
                            client.performRequest(request)
                                    .getEntity()
                                    .getContent()
                                    .readAllBytes(),
                            StandardCharsets.UTF_8);
                    return JsonMapper.shared().readTree(body).path("count").asLong();
                }
                client.performRequest(request);
            }
            throw new AssertionError();
        }
    }

    private void awaitEverywhere(String ledger, long sequence) {
        await().atMost(SOON).until(() -> position(ledger) == sequence);
        await().atMost(SOON).until(() -> redisPosition(ledger) == sequence);
        await().atMost(SOON).until(() -> indexed(ledger) == sequence);
    }

    private BigInteger balanceInBooks(String ledger, String account) {
        return books.queryForObject(
                        "select input - output from balance where ledger = ? and account = ? and asset = 'USD/2'",
                        java.math.BigDecimal.class,
                        ledger,
                        account)
                .toBigIntegerExact();
    }

    private BigInteger balanceInRedis(String ledger, String account) {
        Map<String, String> fields = inRedis(ledger, account);
        return new BigInteger(fields.getOrDefault("in:USD/2", "0"))
                .subtract(new BigInteger(fields.getOrDefault("out:USD/2", "0")));
    }

    @Test
    void axon_uses_real_transactions_and_a_durable_token_store() {
        assertThat(application.getBean(TransactionManager.class)).isInstanceOf(SpringTransactionManager.class);
        assertThat(application.getBean(TokenStore.class)).isInstanceOf(JdbcTokenStore.class);
    }

    @Test
    void every_event_of_many_ledgers_is_in_every_store_once_also_when_all_come_again() throws Exception {
        int ledgers = 8;
        int transactions = 1_000;
        SplittableRandom random = new SplittableRandom(42);
        Map<String, Map<String, BigInteger>> expected = new TreeMap<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < ledgers; i++) {
            names.add("ledger-" + i);
            publisher.publish(names.get(i), new LedgerOpened(null, Map.of()));
        }
        for (int i = 0; i < transactions; i++) {
            String ledger = names.get(random.nextInt(ledgers));
            String source = random.nextInt(3) == 0 ? "world" : "account-" + random.nextInt(20);
            String destination = "account-" + (20 + random.nextInt(20));
            Amount amount = Amount.of(1 + random.nextLong(1_000_000));
            publisher.publish(ledger, posted(usd(source, destination, amount)));
            Map<String, BigInteger> balances = expected.computeIfAbsent(ledger, l -> new TreeMap<>());
            balances.merge(source, amount.toBigInteger().negate(), BigInteger::add);
            balances.merge(destination, amount.toBigInteger(), BigInteger::add);
            if (i == transactions / 2) {
                restart(); // in the middle of the stream
            }
        }
        for (String ledger : names) {
            awaitEverywhere(ledger, publisher.lastSequence(ledger));
        }
        assertStores(expected, transactions);

        books.update("delete from token_entry");
        restart();
        publisher.publish("ledger-0", posted(usd("world", "last", Amount.of(1))));
        expected.get("ledger-0").merge("last", BigInteger.ONE, BigInteger::add);
        expected.get("ledger-0").merge("world", BigInteger.ONE.negate(), BigInteger::add);
        awaitEverywhere("ledger-0", publisher.lastSequence("ledger-0"));
        assertStores(expected, transactions + 1);
    }

    private void assertStores(Map<String, Map<String, BigInteger>> expected, int transactions) throws Exception {
        assertThat(books.queryForObject("select count(*) from transaction", Integer.class))
                .isEqualTo(transactions);
        assertThat(books.queryForObject("select count(*) from entry", Integer.class))
                .isEqualTo(2 * transactions);
        assertThat(books.queryForObject("select sum(input - output) from balance", Long.class))
                .isZero();
        assertThat(books.queryForObject(
                        "select count(*) from (select sum(amount) s from account_entry group by ledger, sequence) t where s <> 0",
                        Integer.class))
                .isZero();
        for (var ledger : expected.entrySet()) {
            assertThat(indexed(ledger.getKey())).isEqualTo(publisher.lastSequence(ledger.getKey()));
            for (var account : ledger.getValue().entrySet()) {
                assertThat(balanceInBooks(ledger.getKey(), account.getKey())).isEqualTo(account.getValue());
                assertThat(balanceInRedis(ledger.getKey(), account.getKey())).isEqualTo(account.getValue());
            }
        }
        // The last entry of each account says what its balance says.
        assertThat(books.queryForObject("""
                        select count(*)
                          from (select distinct on (ledger, account, asset) ledger, account, asset, balance, input
                                  from account_entry order by ledger, account, asset, sequence desc, posting desc) last
                          join balance b using (ledger, account, asset)
                         where last.balance <> b.input - b.output or last.input <> b.input
                        """, Integer.class)).isZero();
    }

    @Test
    void the_largest_amounts_are_exact_and_what_goes_through_an_account_may_be_larger_still() {
        publisher.publish("big", new LedgerOpened(null, Map.of()));
        for (int i = 0; i < 3; i++) {
            publisher.publish("big", posted(usd("world", "a", Amount.MAX)));
            publisher.publish("big", posted(usd("a", "world", Amount.MAX)));
        }
        publisher.publish("big", posted(usd("world", "a", Amount.MAX)));
        awaitEverywhere("big", 8);
        BigInteger max = Amount.MAX.toBigInteger();
        assertThat(balanceInBooks("big", "a")).isEqualTo(max);
        assertThat(balanceInRedis("big", "a")).isEqualTo(max);
        assertThat(inRedis("big", "a"))
                .containsEntry("in:USD/2", max.multiply(BigInteger.valueOf(4)).toString());
        assertThat(balanceInBooks("big", "world")).isEqualTo(max.negate());
    }

    @Test
    void settings_and_metadata_of_accounts_are_kept_with_them() {
        publisher.publish("acme", new LedgerOpened("eu", Map.of("owner", "Zoë")));
        publisher.publish(
                "acme",
                new AccountConfigured(
                        new AccountAddress("alice"),
                        Overdraft.UNLIMITED,
                        Map.of(),
                        true,
                        Map.of("name", "Alice"),
                        true));
        awaitEverywhere("acme", 2);
        assertThat(inRedis("acme", "alice")).containsEntry("metadata", "{\"name\":\"Alice\"}");
        assertThat(books.queryForMap("select closed, metadata ->> 'name' as name, overdraft::text from account"
                        + " where ledger = 'acme' and account = 'alice'"))
                .containsEntry("closed", true)
                .containsEntry("name", "Alice")
                .containsEntry("overdraft", "\"unlimited\"");
        assertThat(books.queryForObject("select accounts from ledger where ledger = 'acme'", Long.class))
                .isEqualTo(2); // alice, and world
    }

    @Test
    void the_books_keep_an_event_as_it_was_published_and_not_as_it_is_written_today() {
        String data = "{\"metadata\":{\"z\":\"1\",\"a\":\"2\"},\"region\":null}";
        publisher.publish("acme", new LedgerOpened(null, Map.of("z", "1", "a", "2")), data);
        awaitEverywhere("acme", 1);

        assertThat(books.queryForMap("select type, data::text from event where ledger = 'acme'"))
                .containsEntry("type", "daybook.ledger-opened.v1")
                .containsEntry("data", data);
        assertThat(books.queryForObject("select metadata ->> 'a' from ledger where ledger = 'acme'", String.class))
                .isEqualTo("2");
    }
}
