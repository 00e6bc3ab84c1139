package io.daybook.command.ledger;

import static io.daybook.command.ledger.LedgerFixture.LEDGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.Movement;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.Transfer;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.LedgerEvent;
import io.daybook.events.Overdraft;
import io.daybook.events.RecordedEvent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds after any sequence of commands. A failing case names its seed: run it again by putting it in seeds(). */
class LedgerPropertiesTest {

    private static final int RUNS = 1_000;
    private static final int COMMANDS_PER_RUN = 60;

    private static final List<AccountAddress> ACCOUNTS = List.of(
            AccountAddress.WORLD,
            new AccountAddress("a"),
            new AccountAddress("b"),
            new AccountAddress("c:1"),
            new AccountAddress("c:2"));
    private static final List<Asset> ASSETS = List.of(new Asset("USD/2"), new Asset("BTC/8"));

    static LongStream seeds() {
        return LongStream.range(0, RUNS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void any_sequence_of_commands_keeps_the_books_sound(long seed) {
        List<LedgerCommand> commands = commands(new SplittableRandom(seed));
        LedgerFixture ledger = LedgerFixture.openLedger();
        for (LedgerCommand command : commands) {
            Map<AccountAddress, Map<Asset, Amount>> before = ledger.state.balances();
            ledger.handle(command);
            assertThat(ledger.state.sums())
                    .allSatisfy((asset, sum) -> assertThat(sum).isEqualTo(BigInteger.ZERO));
            assertNobodyFellBelowPolicy(before, ledger.state);
        }
        assertThat(replay(ledger.history.events()).hash()).isEqualTo(ledger.state.hash());
        assertRepeatsChangeNothing(commands, ledger);
    }

    /** A balance may be below what a later configuration allows, but no posting takes it further down. */
    private static void assertNobodyFellBelowPolicy(Map<AccountAddress, Map<Asset, Amount>> before, LedgerState state) {
        state.balances()
                .forEach((account, balances) -> balances.forEach((asset, balance) -> {
                    Amount earlier = before.getOrDefault(account, Map.of()).getOrDefault(asset, Amount.ZERO);
                    Amount floor = state.settings(account).overdraftFloor(asset);
                    if (floor != null && balance.compareTo(earlier) < 0) {
                        assertThat(balance).isGreaterThanOrEqualTo(floor);
                    }
                }));
    }

    private static void assertRepeatsChangeNothing(List<LedgerCommand> commands, LedgerFixture ledger) {
        int recorded = ledger.history.events().size();
        commands.stream()
                .filter(PostTransactions.class::isInstance)
                .map(PostTransactions.class::cast)
                .forEach(post -> {
                    List<Transfer> known = post.transactions().stream()
                            .filter(transfer -> ledger.history.transaction(transfer.id()) != null)
                            .toList();
                    if (!known.isEmpty()) {
                        ledger.handle(new PostTransactions(LEDGER, post.atomic(), known));
                    }
                });
        assertThat(ledger.history.events()).hasSize(recorded);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void any_split_of_transactions_into_batches_gives_the_same_events(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Transfer> transfers = new ArrayList<>();
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            transfers.add(transfer(random));
        }
        assertThat(events(transfers, random.split())).isEqualTo(events(transfers, random.split()));
    }

    private static List<LedgerEvent> events(List<Transfer> transfers, SplittableRandom random) {
        LedgerFixture ledger = LedgerFixture.openLedger();
        int from = 0;
        while (from < transfers.size()) {
            int to = Math.min(transfers.size(), from + 1 + random.nextInt(8));
            ledger.handle(new PostTransactions(LEDGER, false, transfers.subList(from, to)));
            from = to;
        }
        return ledger.history.events().stream().map(RecordedEvent::event).toList();
    }

    private static LedgerState replay(List<RecordedEvent> events) {
        LedgerState state = new LedgerState();
        events.forEach(recorded -> Ledger.evolve(state, recorded.event()));
        return state;
    }

    private static List<LedgerCommand> commands(SplittableRandom random) {
        List<LedgerCommand> commands = new ArrayList<>();
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            commands.add(random.nextInt(6) == 0 ? configuration(random) : posting(random));
        }
        return commands;
    }

    private static LedgerCommand configuration(SplittableRandom random) {
        AccountAddress account = ACCOUNTS.get(1 + random.nextInt(ACCOUNTS.size() - 1));
        Overdraft overdraft =
                switch (random.nextInt(4)) {
                    case 0 -> Overdraft.UNLIMITED;
                    case 1 -> new Overdraft.Limited(Map.of(asset(random), Amount.of(random.nextLong(500))));
                    case 2 -> Overdraft.NONE;
                    default -> null;
                };
        Map<Asset, BalanceLimits> limits = random.nextInt(3) == 0
                ? Map.of(asset(random), new BalanceLimits(Amount.of(-100), Amount.of(100 + random.nextLong(2_000))))
                : null;
        Boolean closed = random.nextInt(5) == 0 ? Boolean.valueOf(random.nextBoolean()) : null;
        return new ConfigureAccount(LEDGER, LedgerFixture.fresh(), account, overdraft, limits, closed, null);
    }

    private static LedgerCommand posting(SplittableRandom random) {
        List<Transfer> transfers = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            transfers.add(transfer(random));
        }
        return new PostTransactions(LEDGER, random.nextBoolean(), transfers);
    }

    private static Transfer transfer(SplittableRandom random) {
        List<Movement> movements = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            int source = random.nextInt(ACCOUNTS.size());
            int destination = (source + 1 + random.nextInt(ACCOUNTS.size() - 1)) % ACCOUNTS.size();
            Amount amount =
                    switch (random.nextInt(10)) {
                        case 0 -> null;
                        case 1 -> Amount.MAX;
                        default -> Amount.of(1 + random.nextLong(1_000));
                    };
            movements.add(new Movement(ACCOUNTS.get(source), ACCOUNTS.get(destination), asset(random), amount));
        }
        UUID id = new UUID(random.nextLong(), random.nextLong());
        return new Transfer(new LedgerCommand.Identity(id, null), id, null, null, movements, Map.of());
    }

    private static Asset asset(SplittableRandom random) {
        return ASSETS.get(random.nextInt(ASSETS.size()));
    }
}
