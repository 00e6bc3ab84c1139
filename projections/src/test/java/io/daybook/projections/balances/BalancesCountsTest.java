package io.daybook.projections.balances;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.History;
import io.daybook.projections.projection.Generation;
import io.daybook.projections.projection.GenerationStore.Role;
import io.daybook.projections.projection.LedgerAccounts;
import io.daybook.projections.projection.LedgerCount;
import io.daybook.projections.projection.Pace;
import io.daybook.projections.projection.Projection;
import io.daybook.services.SharedServices;
import io.daybook.stores.redis.BalanceKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Accounts that are missing in Redis are missed by their names, and by the number that were made. */
class BalancesCountsTest {

    private static final BalanceKeys KEYS = BalanceKeys.of(BalanceKeys.FIRST_GENERATION);

    private static final Pace AT_ONCE = new Pace(1);
    private static final int ACCOUNTS = 2_500;

    private static RedisClient client;
    private static StatefulRedisConnection<String, String> redis;
    private static BalancesGenerations generations;

    @BeforeAll
    static void connect() {
        client = RedisClient.create(SharedServices.get().isolated().get("daybook.redis.uri"));
        redis = client.connect();
        generations = new BalancesGenerations(client);
    }

    @AfterAll
    static void disconnect() {
        client.shutdown();
    }

    private static String name(int account) {
        return "users:" + account;
    }

    private static TransactionPosted payments(int from, int to) {
        return new TransactionPosted(
                UUID.randomUUID(),
                null,
                IntStream.range(from, to)
                        .mapToObj(account -> new Posting(
                                AccountAddress.WORLD,
                                new AccountAddress(name(account)),
                                new Asset("USD/2"),
                                Amount.of(1)))
                        .toList(),
                Instant.now(),
                Map.of());
    }

    /** Opens a ledger with many accounts. */
    private static History post(String ledger, Generation generation) throws Exception {
        History history = new History(ledger);
        history.add(new LedgerOpened(null, Map.of()));
        for (int from = 0; from < ACCOUNTS; from += 1_000) {
            history.add(payments(from, Math.min(ACCOUNTS, from + 1_000)));
        }
        post(generation, history);
        return history;
    }

    private static void post(Generation generation, History history) throws Exception {
        try (Projection projection = generations.posting(generation, Role.LIVE)) {
            projection.prepare();
            projection.apply(history.events());
        }
    }

    /** The accounts that such a ledger has in the books, which have come so far. */
    private record Names(long reached, boolean areComplete) implements LedgerAccounts {

        @Override
        public Map<LedgerId, List<String>> following(Map<LedgerId, Place> after) {
            TreeSet<String> all = new TreeSet<>(List.of("world"));
            IntStream.range(0, ACCOUNTS).forEach(account -> all.add(name(account)));
            Map<LedgerId, List<String>> names = new HashMap<>();
            after.forEach((ledger, place) -> {
                if (reached >= place.sequence()) {
                    names.put(
                            ledger,
                            all.tailSet(place.account(), false).stream()
                                    .limit(PAGE)
                                    .toList());
                }
            });
            return names;
        }

        @Override
        public boolean areComplete(LedgerId ledger) {
            return areComplete;
        }
    }

    private static LedgerCount count(String ledger, Generation generation, long head, LedgerAccounts accounts)
            throws Exception {
        LedgerId id = new LedgerId(ledger);
        return generations
                .count(generation, Map.of(id, head), accounts, AT_ONCE)
                .get(id);
    }

    @Test
    void one_of_many_accounts_is_missed_and_missed_again_when_it_is_written_anew() throws Exception {
        Generation generation = new Generation(1, 2);
        History history = post("many", generation);
        Names names = new Names(5, true);
        assertThat(count("many", generation, 4, names)).isEqualTo(LedgerCount.COMPLETE);
        assertThat(redis.sync().get(KEYS.count(new LedgerId("many")))).isEqualTo("2501");
        assertThat(redis.sync().del(KEYS.account(new LedgerId("many"), name(1_700))))
                .isOne();

        assertThat(count("many", generation, 4, names).fault()).isEqualTo("it has 2500 accounts where there are 2501");
        // The books may be what is not right.
        assertThat(count("many", generation, 4, new Names(5, false))).isEqualTo(LedgerCount.UNKNOWN);
        assertThat(count("many", generation, 4, new Names(3, true))).isEqualTo(LedgerCount.UNKNOWN);

        history.add(payments(1_700, 1_701));
        post(generation, history);

        assertThat(count("many", generation, 5, names).fault())
                .isEqualTo("it has 2502 accounts by its own count where there are 2501");
        assertThat(count("many", generation, 6, names)).isEqualTo(LedgerCount.reached(5, 6));
    }

    @Test
    void what_was_begun_before_accounts_were_counted_goes_on_as_it_was() throws Exception {
        Generation generation = new Generation(7, 1);
        post("old", generation);

        assertThat(count("old", generation, 4, new Names(5, true))).isEqualTo(LedgerCount.UNKNOWN);
        assertThat(redis.sync().exists(BalanceKeys.of(7).count(new LedgerId("old"))))
                .isZero();
        assertThat(redis.sync().hgetall(BalanceKeys.of(7).account(new LedgerId("old"), "world")))
                .doesNotContainKey("metadata");
    }

    @Test
    void a_number_that_is_lost_is_missed_too() throws Exception {
        Generation generation = new Generation(1, 2);
        post("lost", generation);
        assertThat(redis.sync().del(KEYS.count(new LedgerId("lost")))).isOne();

        assertThat(count("lost", generation, 4, new Names(4, true)).fault())
                .isEqualTo("it has 0 accounts by its own count where there are 2501");
    }
}
