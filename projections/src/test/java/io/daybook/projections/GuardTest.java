package io.daybook.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
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
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What is lost in a store is found and healed, though no other event comes. */
class GuardTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TRANSFERS = 6;

    /** Of each ledger: it is opened first. */
    private static final long LAST = TRANSFERS + 1;

    private static final Map<String, String> QUICK = Map.of(
            "daybook.guard.interval", "PT0.1S",
            "daybook.guard.share", "1",
            "daybook.guard.grace", "PT0.5S",
            "daybook.guard.pause", "PT0S",
            "daybook.guard.heal-pause", "PT0S");

    private final ProjectionsFixture fixture = new ProjectionsFixture();
    private final TestEventStore store = fixture.store();
    private final Publisher publisher = fixture.publisher();
    private final JdbcTemplate books = fixture.books();
    private final RedisCommands<String, String> redis = fixture.redis();
    private final Rest5Client elasticsearch = fixture.elasticsearch();

    private ConfigurableApplicationContext start(Map<String, String> others) {
        Map<String, String> properties = new TreeMap<>(QUICK);
        properties.putAll(others);
        return fixture.start(properties);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private void post(String ledger) {
        publisher.publish(ledger, new LedgerOpened(null, Map.of()));
        for (int i = 1; i <= TRANSFERS; i++) {
            publisher.publish(ledger, ProjectionsFixture.transfer(i));
        }
    }

    /** Has accounts that come of all kinds of events. */
    private void postAllKinds(String ledger) {
        AccountAddress payer = new AccountAddress("users:1");
        Asset usd = new Asset("USD/2");
        UUID hold = UUID.randomUUID();
        UUID released = UUID.randomUUID();
        UUID sale = UUID.randomUUID();
        Posting posting = new Posting(AccountAddress.WORLD, payer, usd, Amount.of(9));
        List.of(
                        new LedgerOpened(null, Map.of("k", "v")),
                        new AccountConfigured(
                                new AccountAddress("configured"), Overdraft.NONE, Map.of(), false, Map.of(), true),
                        new MetadataChanged(new AccountAddress("described"), null, Map.of("k", "v")),
                        new MetadataChanged(null, null, Map.of("k", "w")),
                        new HoldPlaced(released, new AccountAddress("held"), null, usd, Amount.of(1), null, Map.of()),
                        new HoldReleased(
                                released, new AccountAddress("held"), usd, Amount.of(1), HoldReleased.Reason.VOIDED),
                        new TransactionPosted(sale, "R-1", List.of(posting, posting), Instant.now(), Map.of()),
                        new HoldPlaced(hold, payer, new AccountAddress("never"), usd, Amount.of(5), null, Map.of()),
                        new HoldCaptured(
                                UUID.randomUUID(),
                                hold,
                                List.of(new Posting(payer, new AccountAddress("shop"), usd, Amount.of(2))),
                                Amount.of(3),
                                true,
                                Instant.now(),
                                Map.of()),
                        new TransactionReversed(
                                UUID.randomUUID(),
                                sale,
                                List.of(new Posting(payer, AccountAddress.WORLD, usd, Amount.of(9))),
                                Instant.now(),
                                Map.of()))
                .forEach(event -> publisher.publish(ledger, event));
    }

    private JsonNode documents(String ledger) {
        try {
            fixture.events("POST", "_refresh", "");
            return fixture.events("POST", "_search", """
                    {"size": 100, "sort": ["event.sequence"], "query": {"term": {"daybook.ledger": "%s"}}}
                    """.formatted(ledger)).at("/hits/hits");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void deleteDocument(String ledger, int sequence) {
        JsonNode hit = documents(ledger).path(sequence - 1);
        assertThat(hit.at("/_source/event/sequence").asInt()).isEqualTo(sequence);
        try {
            elasticsearch.performRequest(new Request(
                    "DELETE",
                    "/" + hit.path("_index").asString() + "/_doc/"
                            + hit.path("_id").asString()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void addDocument(String ledger) {
        JsonNode hit = documents(ledger).path(0);
        Request copy = new Request("PUT", "/" + hit.path("_index").asString() + "/_doc/stray-" + ledger);
        copy.setJsonEntity(hit.path("_source").toString());
        try {
            elasticsearch.performRequest(copy);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void deleteKey(String key) {
        assertThat(redis.del(key)).isOne();
    }

    private void deleteRow(String table, String condition, String ledger) {
        assertThat(books.update("delete from " + table + " where ledger = ? and " + condition, ledger))
                .isOne();
    }

    /** All of a ledger that each store should have. */
    private Map<String, Object> everything(String ledger) {
        Map<String, Object> all = new TreeMap<>();
        List<Long> sequences = new ArrayList<>();
        documents(ledger)
                .forEach(hit -> sequences.add(hit.at("/_source/event/sequence").asLong()));
        all.put("documents", sequences);
        for (String key : redis.keys(KEYS.all(new LedgerId(ledger)))) {
            if (!key.endsWith(":writer")) {
                all.put(key, key.contains(":account:") ? redis.hgetall(key) : redis.get(key));
            }
        }
        for (String table : List.of("event", "transaction", "account", "ledger")) {
            all.put(table, books.queryForList("select * from " + table + " where ledger = ? order by 1, 2", ledger));
        }
        all.put(
                "entry",
                books.queryForList(
                        "select account, sequence, posting, amount, balance from account_entry where ledger = ?"
                                + " order by 1, 2, 3",
                        ledger));
        return all;
    }

    private void awaitPosted(Iterable<String> ledgers) {
        for (String ledger : ledgers) {
            long last = publisher.lastSequence(ledger);
            // An index that was made just now cannot be searched yet.
            await().ignoreExceptions().atMost(SOON).untilAsserted(() -> {
                assertThat(documents(ledger)).hasSize((int) last);
                assertThat(redis.get(KEYS.position(new LedgerId(ledger)))).isEqualTo(Long.toString(last));
                assertThat(books.queryForList("select sequence from ledger where ledger = ?", Long.class, ledger))
                        .containsExactly(last);
            });
        }
        store.published();
    }

    private Map<String, Object> status(String projection) {
        return books.queryForMap("select * from projection where name = ?", projection);
    }

    private long healed(String projection) {
        return books.queryForObject("select healed from guarded where projection = ?", Long.class, projection);
    }

    @Test
    void what_is_missing_in_the_middle_and_at_the_end_of_a_history_is_found_and_healed() {
        Map<String, Consumer<String>> damages = new LinkedHashMap<>();
        damages.put("audit-middle", ledger -> deleteDocument(ledger, 3));
        damages.put("audit-end", ledger -> deleteDocument(ledger, (int) LAST));
        damages.put("audit-twice", this::addDocument);
        damages.put("balances-account", ledger -> deleteKey(KEYS.account(new LedgerId(ledger), "users:3")));
        damages.put("balances-world", ledger -> deleteKey(KEYS.account(new LedgerId(ledger), "world")));
        damages.put("balances-end", ledger -> deleteKey(KEYS.position(new LedgerId(ledger))));
        damages.put("balances-again", ledger -> redis.set(KEYS.count(new LedgerId(ledger)), "8"));
        damages.put("books-event", ledger -> deleteRow("event", "sequence = 3", ledger));
        damages.put("books-end", ledger -> deleteRow("event", "sequence = " + LAST, ledger));
        damages.put("books-transaction", ledger -> deleteRow("transaction", "sequence = 4", ledger));
        damages.put("books-account", ledger -> deleteRow("account", "account = 'users:2'", ledger));
        damages.put("books-balance", ledger -> deleteRow("balance", "account = 'users:2'", ledger));
        damages.put("books-ledger", ledger -> deleteRow("ledger", "true", ledger));
        damages.put("books-entry", ledger -> assertThat(books.update(
                        "delete from entry using balance where number = balance_number and ledger = ?"
                                + " and account = 'world' and sequence = 5",
                        ledger))
                .isOne());
        damages.put("books-entry-end", ledger -> assertThat(books.update(
                        "delete from entry using balance where number = balance_number and ledger = ?"
                                + " and account = 'world' and sequence = ?",
                        ledger,
                        LAST))
                .isOne());
        start(Map.of());
        damages.keySet().forEach(this::post);
        // What is not damaged is not healed either.
        postAllKinds("sound");
        publisher.publish("sound-and-empty", new LedgerOpened(null, Map.of()));
        awaitPosted(damages.keySet());
        awaitPosted(List.of("sound", "sound-and-empty"));
        Map<String, Map<String, Object>> before = new TreeMap<>();
        damages.keySet().forEach(ledger -> before.put(ledger, everything(ledger)));
        assertThat(List.of("audit", "balances", "books"))
                .allSatisfy(projection -> assertThat(healed(projection)).isZero());

        damages.forEach((ledger, damage) -> damage.accept(ledger));

        assertThat(before).allSatisfy((ledger, all) -> await().atMost(SOON)
                .untilAsserted(() -> assertThat(everything(ledger)).isEqualTo(all)));
        for (String projection : List.of("audit", "balances", "books")) {
            long damaged = damages.keySet().stream()
                    .filter(ledger -> ledger.startsWith(projection))
                    .count();
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(healed(projection)).isEqualTo(damaged);
                assertThat(status(projection)).containsEntry("incomplete", 0L).containsEntry("state", "running");
            });
        }
        // A round that finds them complete forgets them.
        await().atMost(SOON).untilAsserted(() -> assertThat(books.queryForList("select * from incomplete"))
                .isEmpty());
        assertThat(books.queryForList("select * from parked")).isEmpty();
    }

    @Test
    void an_event_that_was_published_and_never_came_is_missed_though_no_other_follows() {
        ConfigurableApplicationContext first = start(Map.of("daybook.guard.pause", "PT1H"));
        ConfigurableApplicationContext second = start(Map.of("daybook.guard.pause", "PT1H"));
        post("quiet");
        awaitPosted(List.of("quiet"));
        // Whoever guards now has looked at these events.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(books.queryForObject("select position from guard", Long.class))
                        .isEqualTo(LAST));
        first.close();
        // The journal has it, and it is not in Kafka: as long as it was not published it is only late.
        store.append(publisher.next("quiet", ProjectionsFixture.transfer(1)));
        for (String projection : List.of("audit", "balances", "books")) {
            await().atMost(SOON).untilAsserted(() -> assertThat(status(projection))
                    .containsEntry("lag_events", 1L)
                    .containsEntry("incomplete", 0L)
                    .containsEntry("state", "running"));
        }
        assertThat(books.queryForList("select * from repair")).isEmpty();

        // Nobody is let at the books' repair: what it is told of can be seen.
        books.queryForList("select pg_advisory_lock(hashtextextended('repair books quiet', 0))");
        store.published();
        await().atMost(SOON).untilAsserted(() -> assertThat(status("books"))
                .containsEntry("incomplete", 1L)
                .containsEntry("state", "incomplete")
                .containsEntry("lag_events", 1L));
        assertThat(books.queryForObject("select reason from incomplete where projection = 'books'", String.class))
                .isEqualTo("it has come to event 7, and the last one is 8");
        books.queryForList("select pg_advisory_unlock(hashtextextended('repair books quiet', 0))");

        awaitPosted(List.of("quiet"));
        for (String projection : List.of("audit", "balances", "books")) {
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(healed(projection)).isOne();
                assertThat(status(projection))
                        .containsEntry("incomplete", 0L)
                        .containsEntry("lag_events", 0L)
                        .containsEntry("state", "running");
            });
        }
        assertThat(second.isRunning()).isTrue();
    }

    @Test
    void what_had_to_be_healed_twice_in_a_row_is_parked_and_says_so() {
        start(Map.of());
        post("leaky");
        post("sound");
        awaitPosted(List.of("leaky", "sound"));
        books.execute("""
                create function leak() returns trigger language plpgsql as
                $$ begin return case when new.ledger = 'leaky' and new.sequence = 3 then null else new end; end $$
                """);
        books.execute("create trigger leak before insert on event for each row execute function leak()");

        deleteRow("event", "sequence = 3", "leaky");

        await().atMost(SOON).untilAsserted(() -> assertThat(books.queryForList(
                        "select reason from parked where projection = 'books' and ledger = 'leaky'"
                                + " and reason <> 'it is being posted anew'",
                        String.class))
                .singleElement()
                .asString()
                .startsWith(
                        "it was healed 2 times in a row and is incomplete again: it has 6 events where there are 7"));
        assertThat(healed("books")).isEqualTo(2);
        await().atMost(SOON).untilAsserted(() -> assertThat(status("books"))
                .containsEntry("incomplete", 0L)
                .containsEntry("parked", 1L));

        // The others go on.
        publisher.publish("sound", ProjectionsFixture.transfer(1));
        awaitPosted(List.of("sound"));
    }

    @Test
    void without_the_event_store_nothing_is_known_and_projections_go_on() {
        start(Map.of("daybook.event-store.jdbc-url", "jdbc:postgresql://127.0.0.1:1/nowhere"));
        post("alone");
        awaitPosted(List.of("alone"));

        for (String projection : List.of("audit", "balances", "books")) {
            await().atMost(SOON).untilAsserted(() -> assertThat(status(projection))
                    .containsEntry("state", "running")
                    .containsEntry("lag_events", 0L)
                    .containsEntry("incomplete", null));
        }
    }
}
