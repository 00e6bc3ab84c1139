package io.daybook.projections.balances;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
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
import io.daybook.projections.History;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.services.SharedServices;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Redis has after each kind of event. */
class BalancesProjectionTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final Asset USD = new Asset("USD/2");
    private static final AccountAddress WORLD = AccountAddress.WORLD;
    private static final AccountAddress ALICE = new AccountAddress("alice");
    private static final AccountAddress SHOP = new AccountAddress("shop");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private static RedisClient client;
    private static StatefulRedisConnection<String, String> redis;
    private static BalancesProjection projection;

    @BeforeAll
    static void connect() {
        client = RedisClient.create(SharedServices.get().isolated().get("daybook.redis.uri"));
        redis = client.connect();
        projection = new BalancesProjection(client, BalanceKeys.of(1), true, true);
        projection.prepare();
    }

    @AfterAll
    static void disconnect() {
        projection.close();
        client.shutdown();
    }

    private static Map<String, String> account(String ledger, AccountAddress account) {
        return redis.sync().hgetall(KEYS.account(new LedgerId(ledger), account));
    }

    private static Posting usd(AccountAddress source, AccountAddress destination, Amount amount) {
        return new Posting(source, destination, USD, amount);
    }

    private static TransactionPosted posted(Posting... postings) {
        return new TransactionPosted(UUID.randomUUID(), null, List.of(postings), NOON, Map.of());
    }

    private static HoldPlaced held(UUID id, AccountAddress source, Amount amount) {
        return new HoldPlaced(id, source, SHOP, USD, amount, null, Map.of());
    }

    private static HoldCaptured captured(UUID hold, long amount, long released) {
        return new HoldCaptured(
                UUID.randomUUID(),
                hold,
                List.of(usd(ALICE, SHOP, Amount.of(amount))),
                Amount.of(released),
                released > 0,
                NOON,
                Map.of());
    }

    private static HoldReleased released(UUID hold, AccountAddress source, Amount amount) {
        return new HoldReleased(hold, source, USD, amount, HoldReleased.Reason.EXPIRED);
    }

    @Test
    void a_hold_sets_money_aside_captures_move_it_and_the_final_one_gives_the_rest_back() throws Exception {
        History history = new History("card");
        UUID hold = UUID.randomUUID();
        history.add(new LedgerOpened(null, Map.of()));
        history.add(posted(usd(WORLD, ALICE, Amount.of(1000))));
        history.add(held(hold, ALICE, Amount.of(600)));
        projection.apply(history.events());
        assertThat(account("card", ALICE))
                .containsOnly(
                        Map.entry("in:USD/2", "1000"), Map.entry("out:USD/2", "0"), Map.entry("held:USD/2", "600"));

        projection.apply(List.of(history.add(captured(hold, 250, 0))));
        assertThat(account("card", ALICE)).containsEntry("out:USD/2", "250").containsEntry("held:USD/2", "350");

        projection.apply(List.of(history.add(captured(hold, 300, 50))));
        assertThat(account("card", ALICE)).containsEntry("out:USD/2", "550").containsEntry("held:USD/2", "0");
        assertThat(account("card", SHOP)).containsOnly(Map.entry("in:USD/2", "550"), Map.entry("out:USD/2", "0"));
    }

    @Test
    void an_account_that_only_a_hold_has_touched_exists() throws Exception {
        History history = new History("touched");
        UUID hold = UUID.randomUUID();
        history.add(new LedgerOpened(null, Map.of()));
        projection.apply(List.of(history.events().getFirst(), history.add(held(hold, ALICE, Amount.of(5)))));
        assertThat(account("touched", ALICE)).containsOnly(Map.entry("held:USD/2", "5"));

        projection.apply(List.of(history.add(released(hold, ALICE, Amount.of(5)))));
        assertThat(account("touched", ALICE)).containsOnly(Map.entry("held:USD/2", "0"));
    }

    @Test
    void a_reversal_moves_money_as_any_transaction() throws Exception {
        History history = new History("refund");
        TransactionPosted sale = posted(usd(WORLD, ALICE, Amount.of(70)));
        history.add(new LedgerOpened(null, Map.of()));
        history.add(sale);
        history.add(new TransactionReversed(
                UUID.randomUUID(), sale.id(), List.of(usd(ALICE, WORLD, Amount.of(70))), NOON, Map.of()));
        projection.apply(history.events());
        assertThat(account("refund", ALICE)).containsEntry("in:USD/2", "70").containsEntry("out:USD/2", "70");
    }

    @Test
    void the_metadata_of_an_account_is_what_the_last_event_says_and_that_of_other_things_is_not_its_business()
            throws Exception {
        History history = new History("named");
        history.add(new LedgerOpened(null, Map.of()));
        history.add(new AccountConfigured(ALICE, Overdraft.NONE, Map.of(), false, Map.of("tier", "gold"), true));
        history.add(new MetadataChanged(ALICE, null, Map.of("name", "Alice")));
        history.add(new MetadataChanged(null, UUID.randomUUID(), Map.of("of", "a transaction")));
        history.add(new MetadataChanged(null, null, Map.of("of", "the ledger")));
        projection.apply(history.events());
        assertThat(account("named", ALICE))
                .containsOnly(
                        Map.entry("metadata", "{\"name\":\"Alice\"}"),
                        Map.entry("settings", "{\"overdraft\":{},\"limits\":{},\"closed\":false}"));
        assertThat(redis.sync().get(KEYS.position(new LedgerId("named")))).isEqualTo("5");
    }

    @Test
    void the_settings_of_an_account_are_those_it_was_configured_with_last() throws Exception {
        History history = new History("settings");
        history.add(new LedgerOpened(null, Map.of()));
        history.add(posted(usd(WORLD, ALICE, Amount.of(10)), usd(WORLD, SHOP, Amount.of(10))));
        history.add(new MetadataChanged(ALICE, null, Map.of("name", "Alice")));
        history.add(new MetadataChanged(WORLD, null, Map.of("name", "World")));
        projection.apply(history.events());
        String initial = "{\"overdraft\":{},\"limits\":{},\"closed\":false}";
        assertThat(account("settings", ALICE)).as("never configured").containsEntry("settings", initial);
        assertThat(account("settings", SHOP)).doesNotContainKeys("settings", "metadata");
        assertThat(account("settings", WORLD)).doesNotContainKey("settings").containsKey("metadata");

        BalanceLimits limits = new BalanceLimits(Amount.of(-3), Amount.of(100));
        projection.apply(List.of(
                history.add(new MetadataChanged(ALICE, null, Map.of())),
                history.add(new AccountConfigured(
                        ALICE,
                        new Overdraft.Limited(Map.of(USD, Amount.of(5))),
                        Map.of(USD, limits),
                        true,
                        Map.of(),
                        false)),
                history.add(new AccountConfigured(SHOP, Overdraft.UNLIMITED, Map.of(), false, Map.of(), false))));
        projection.apply(List.of(history.add(new MetadataChanged(ALICE, null, Map.of("name", "Alice")))));
        assertThat(account("settings", ALICE))
                .containsEntry(
                        "settings",
                        "{\"overdraft\":{\"USD/2\":\"5\"},\"limits\":{\"USD/2\":{\"max\":\"100\",\"min\":\"-3\"}},\"closed\":true}");
        assertThat(account("settings", SHOP))
                .containsEntry("settings", "{\"overdraft\":\"unlimited\",\"limits\":{},\"closed\":false}");
    }

    /** It may have been configured before settings were kept: what it allows is in the books. */
    @Test
    void what_an_account_of_an_earlier_version_allows_is_not_guessed() throws Exception {
        History history = new History("before");
        history.add(new LedgerOpened(null, Map.of()));
        history.add(new AccountConfigured(ALICE, Overdraft.UNLIMITED, Map.of(), false, Map.of(), true));
        projection.apply(history.events());
        redis.sync().hdel(KEYS.account(new LedgerId("before"), "alice"), "settings");

        projection.apply(List.of(history.add(new MetadataChanged(ALICE, null, Map.of("name", "Alice")))));
        assertThat(account("before", ALICE)).containsOnly(Map.entry("metadata", "{\"name\":\"Alice\"}"));
    }

    @Test
    void what_is_held_is_exact_beyond_the_largest_amount() throws Exception {
        History history = new History("large");
        List<UUID> holds = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        history.add(new LedgerOpened(null, Map.of()));
        holds.forEach(hold -> history.add(held(hold, WORLD, Amount.MAX)));
        history.add(held(UUID.randomUUID(), WORLD, Amount.of(1)));
        projection.apply(history.events());
        BigInteger max = Amount.MAX.toBigInteger();
        assertThat(account("large", WORLD))
                .containsEntry(
                        "held:USD/2",
                        max.multiply(BigInteger.valueOf(3)).add(BigInteger.ONE).toString());

        for (UUID hold : holds) {
            projection.apply(List.of(history.add(released(hold, WORLD, Amount.MAX))));
        }
        assertThat(account("large", WORLD)).containsEntry("held:USD/2", "1");
    }

    @Test
    void an_account_may_have_thousands_of_assets() throws Exception {
        History history = new History("assets");
        history.add(new LedgerOpened(null, Map.of()));
        for (int i = 0; i < 6; i++) {
            int first = i * 1000;
            history.add(posted(IntStream.range(first, first + 1000)
                    .mapToObj(n -> new Posting(WORLD, ALICE, new Asset("A" + n), Amount.of(n + 1)))
                    .toArray(Posting[]::new)));
        }
        projection.apply(history.events());
        assertThat(account("assets", ALICE)).hasSize(12_000).containsEntry("in:A5999", "6000");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void however_events_are_batched_and_repeated_the_balances_are_those_of_the_history(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        String ledger = "random-" + seed;
        History history = new History(ledger);
        Map<UUID, Long> open = new TreeMap<>();
        long input = 0;
        long output = 0;
        history.add(new LedgerOpened(null, Map.of()));
        for (int i = 0; i < 300; i++) {
            UUID hold = open.isEmpty() ? null : open.keySet().iterator().next();
            switch (random.nextInt(4)) {
                case 0 -> {
                    long amount = 1 + random.nextLong(1000);
                    history.add(posted(usd(WORLD, ALICE, Amount.of(amount))));
                    input += amount;
                }
                case 1 -> {
                    UUID id = new UUID(random.nextLong(), random.nextLong());
                    open.put(id, 2 + random.nextLong(1000));
                    history.add(held(id, ALICE, Amount.of(open.get(id))));
                }
                case 2 -> {
                    if (hold != null && open.get(hold) > 1) {
                        long amount = 1 + random.nextLong(open.get(hold) - 1);
                        boolean last = random.nextBoolean();
                        history.add(captured(hold, amount, last ? open.get(hold) - amount : 0));
                        output += amount;
                        open.compute(hold, (id, left) -> last ? null : left - amount);
                    }
                }
                default -> {
                    if (hold != null) {
                        history.add(released(hold, ALICE, Amount.of(open.remove(hold))));
                    }
                }
            }
        }
        List<PublishedEvent> events = history.events();
        int done = 0;
        while (done < events.size()) {
            int from = Math.max(0, done - random.nextInt(20));
            done = Math.min(events.size(), done + 1 + random.nextInt(40));
            projection.apply(events.subList(from, done));
        }
        projection.apply(events);
        assertThat(account(ledger, ALICE))
                .as("seed %d", seed)
                .containsEntry("in:USD/2", Long.toString(input))
                .containsEntry("out:USD/2", Long.toString(output))
                .containsEntry(
                        "held:USD/2",
                        Long.toString(open.values().stream().mapToLong(l -> l).sum()));
    }

    @Test
    void what_another_has_written_meanwhile_is_read_again() throws Exception {
        History history = new History("shared");
        history.add(new LedgerOpened(null, Map.of()));
        history.add(posted(usd(WORLD, ALICE, Amount.of(10))));
        projection.apply(history.events());
        List<PublishedEvent> third = List.of(history.add(posted(usd(WORLD, ALICE, Amount.of(1)))));
        List<PublishedEvent> fourth = List.of(history.add(posted(usd(WORLD, ALICE, Amount.of(1)))));

        try (BalancesProjection another = new BalancesProjection(client, BalanceKeys.of(1), true, true)) {
            another.prepare();
            another.apply(third);
        }
        projection.apply(fourth);

        assertThat(account("shared", ALICE)).containsEntry("in:USD/2", "12");

        // As far as it was, but not what it was: somebody has begun anew.
        redis.sync().hset(KEYS.account(new LedgerId("shared"), "alice"), "in:USD/2", "50");
        redis.sync().set(KEYS.writer(new LedgerId("shared")), "somebody");
        projection.apply(List.of(history.add(posted(usd(WORLD, ALICE, Amount.of(1))))));

        assertThat(account("shared", ALICE)).containsEntry("in:USD/2", "51");
    }
}
