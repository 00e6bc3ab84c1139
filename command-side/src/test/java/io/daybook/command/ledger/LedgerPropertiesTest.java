package io.daybook.command.ledger;

import static io.daybook.command.ledger.LedgerFixture.LEDGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.ledger.Account.Position;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.RecordedEvent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds after any sequence of commands. A failing case names its seed: run it again by putting it in seeds(). */
class LedgerPropertiesTest {

    private static final int RUNS = 2_000;
    private static final int COMMANDS_PER_RUN = 80;

    static LongStream seeds() {
        return LongStream.range(0, RUNS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void any_sequence_of_commands_keeps_the_books_sound(long seed) {
        RandomCommands random = new RandomCommands(new SplittableRandom(seed));
        LedgerFixture ledger = LedgerFixture.openLedger();
        List<LedgerCommand> commands = new ArrayList<>();
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            LedgerCommand command = random.next(ledger);
            Map<AccountAddress, Account> before = ledger.state.accounts();
            int recorded = ledger.history.events().size();
            ledger.handle(command);
            commands.add(command);
            assertThat(ledger.state.sums())
                    .allSatisfy((asset, sum) -> assertThat(sum).isEqualTo(BigInteger.ZERO));
            assertHeldIsWhatOpenHoldsSetAside(ledger.state);
            assertNobodyFellBelowPolicy(
                    before,
                    ledger.state,
                    ledger.history
                            .events()
                            .subList(recorded, ledger.history.events().size()));
        }
        assertThat(replay(ledger.history.events()).hash()).isEqualTo(ledger.state.hash());
        assertRepeatsChangeNothing(commands, ledger);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_available_is_what_max_takes_and_what_is_refused_tells(long seed) {
        RandomCommands random = new RandomCommands(new SplittableRandom(seed));
        LedgerFixture ledger = LedgerFixture.openLedger();
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            ledger.handle(random.next(ledger));
        }
        ledger.state.accounts().forEach((address, account) -> account.positions()
                .forEach(position -> {
                    if (!account.settings().closed()) {
                        Amount available = account.settings()
                                .available(position.asset(), position.balance().minus(position.held()));
                        assertThat(spent(ledger, address, position.asset(), null))
                                .isEqualTo(available);
                        if (available != null && !available.equals(Amount.MAX)) {
                            assertThat(spent(ledger, address, position.asset(), available.plus(Amount.of(1))))
                                    .isIn(available, BELOW_LEAST);
                        }
                    }
                }));
    }

    private static final Amount BELOW_LEAST = Amount.of(-1);

    /** What a posting of this amount takes, or what its refusal says to be available. */
    private static @Nullable Amount spent(
            LedgerFixture ledger, AccountAddress account, Asset asset, @Nullable Amount amount) {
        RequestedPosting posting = new RequestedPosting(account, new AccountAddress("some:sink"), asset, amount);
        return switch (Ledger.decide(
                        LedgerFixture.post(LedgerFixture.transaction(posting)),
                        ledger.state,
                        ledger.history,
                        LedgerFixture.NOW)
                .getFirst()) {
            case Decision.Accepted(var identity, LedgerEvent.TransactionPosted posted) ->
                posted.postings().getFirst().amount();
            case Decision.Refused(Rejection.InsufficientFunds refused) -> refused.available();
            case Decision.Refused(Rejection.BalanceLimit limit) -> BELOW_LEAST;
            case Decision.Refused(Rejection.AmountOutOfRange unlimited) -> null;
            default -> throw new AssertionError();
        };
    }

    private static void assertHeldIsWhatOpenHoldsSetAside(LedgerState state) {
        Map<AccountAddress, Map<Asset, Amount>> held = new HashMap<>();
        state.holds().values().forEach(hold -> held.computeIfAbsent(hold.source(), a -> new HashMap<>())
                .merge(hold.asset(), hold.remaining(), Amount::plus));
        state.accounts().forEach((account, known) -> known.positions().forEach(position -> assertThat(position.held())
                .isEqualTo(held.getOrDefault(account, Map.of()).getOrDefault(position.asset(), Amount.ZERO))));
    }

    /**
     * What is available may be below what a later configuration allows, and a capture takes what was promised; but nothing
     * else takes it further down.
     */
    private static void assertNobodyFellBelowPolicy(
            Map<AccountAddress, Account> before, LedgerState state, List<RecordedEvent> events) {
        state.accounts().forEach((address, account) -> {
            for (Position position : account.positions()) {
                Account earlier = before.getOrDefault(address, Account.initial(address));
                Amount was = earlier.balance(position.asset()).minus(earlier.held(position.asset()));
                Amount is = position.balance().minus(position.held());
                Amount floor = account.settings().overdraft().floor(position.asset());
                if (floor != null && is.compareTo(was) < 0) {
                    assertThat(is).as("%s after %s", address, events).isGreaterThanOrEqualTo(floor);
                }
            }
        });
    }

    private static void assertRepeatsChangeNothing(List<LedgerCommand> commands, LedgerFixture ledger) {
        int recorded = ledger.history.events().size();
        commands.stream()
                .filter(PostTransactions.class::isInstance)
                .map(PostTransactions.class::cast)
                .forEach(post -> {
                    List<RequestedTransaction> known = post.transactions().stream()
                            .filter(transaction -> ledger.history.entity(transaction.id()) != null)
                            .toList();
                    if (!known.isEmpty()) {
                        ledger.handle(new PostTransactions(LEDGER, post.atomic(), true, known));
                    }
                });
        assertThat(ledger.history.events()).hasSize(recorded);
        for (LedgerCommand command : commands) {
            if (command instanceof LedgerCommand.Single single
                    && single.identity().isKeyed()) {
                ledger.handle(command);
            }
        }
        List<UUID> ids = ledger.history.events().stream().map(RecordedEvent::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    /**
     * A command with a key that was answered with success is given the same answer at any time later, and changes nothing; and
     * the key is taken for anything else.
     */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_a_key_was_answered_with_it_is_answered_with_for_ever(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomCommands commands = new RandomCommands(random);
        LedgerFixture ledger = LedgerFixture.openLedger();
        Map<Identity, LedgerCommand> asked = new LinkedHashMap<>();
        Map<Identity, Object> answers = new LinkedHashMap<>();
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            LedgerCommand command = commands.next(ledger);
            List<Decision> decisions = ledger.handle(command);
            List<Identity> identities = identities(command);
            for (int item = 0; item < decisions.size(); item++) {
                Identity identity = identities.get(item);
                Object answer = answer(decisions.get(item), decisions, ledger);
                if (identity.isKeyed() && answer != null) {
                    asked.put(identity, command);
                    answers.put(identity, answer);
                }
            }
            if (!asked.isEmpty() && random.nextInt(4) == 0) {
                repeat(RandomCommands.oneOf(random, List.copyOf(asked.keySet())), asked, answers, ledger);
            }
        }
        asked.keySet().forEach(identity -> repeat(identity, asked, answers, ledger));
    }

    private static void repeat(
            Identity identity,
            Map<Identity, LedgerCommand> asked,
            Map<Identity, Object> answers,
            LedgerFixture ledger) {
        LedgerCommand command = asked.get(identity);
        if (command instanceof PostTransactions post) {
            // Of a batch, what was refused may be tried again; so only what was not.
            command = new PostTransactions(
                    post.ledger(),
                    post.atomic(),
                    true,
                    post.transactions().stream()
                            .filter(transaction -> answers.containsKey(transaction.identity()))
                            .toList());
        }
        String before = ledger.state.hash();
        int recorded = ledger.history.events().size();
        int remembered = ledger.history.remembered().size();
        List<Decision> decisions = ledger.handle(command);
        List<Identity> identities = identities(command);
        for (int item = 0; item < decisions.size(); item++) {
            assertThat(decisions.get(item)).isInstanceOfAny(Decision.Repeated.class, Decision.Recalled.class);
            assertThat(answer(decisions.get(item), decisions, ledger)).isEqualTo(answers.get(identities.get(item)));
        }
        assertThat(ledger.handle(underOtherFingerprint(identity)))
                .containsExactly(new Decision.Refused(new Rejection.IdempotencyKeyReused()));
        assertThat(ledger.state.hash()).isEqualTo(before);
        assertThat(ledger.history.events()).hasSize(recorded);
        assertThat(ledger.history.remembered()).hasSize(remembered);
    }

    private static LedgerCommand underOtherFingerprint(Identity identity) {
        return new ChangeMetadata(LEDGER, identity.with("other"), null, null, Map.of("other", "x"));
    }

    private static List<Identity> identities(LedgerCommand command) {
        return command instanceof PostTransactions post
                ? post.transactions().stream()
                        .map(RequestedTransaction::identity)
                        .toList()
                : List.of(((LedgerCommand.Single) command).identity());
    }

    /** What the client is told; null if that is a refusal. */
    private static @Nullable Object answer(Decision decision, List<Decision> decisions, LedgerFixture ledger) {
        return switch (decision) {
            case Decision.Accepted accepted ->
                ledger.history.event(accepted.identity().eventId()).event();
            case Decision.Repeated(RecordedEvent earlier) -> earlier;
            case Decision.Unchanged(LedgerEvent standing) -> standing;
            case Decision.Same(Identity identity, int index) -> answer(decisions.get(index), decisions, ledger);
            case Decision.Remembered(RememberedCommand command) -> answer(command.answer(), decisions, ledger);
            case Decision.Recalled(RememberedCommand command) -> answer(command.answer(), decisions, ledger);
            case Decision.Restored restored -> throw new IllegalStateException("nothing is imported here");
            case Decision.Kept kept -> throw new IllegalStateException("nothing is imported here");
            case Decision.Refused refused -> null;
        };
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void any_split_of_transactions_into_batches_gives_the_same_events(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomCommands commands = new RandomCommands(random);
        List<RequestedTransaction> transactions = new ArrayList<>();
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            transactions.add(commands.transaction());
        }
        assertThat(events(transactions, random.split())).isEqualTo(events(transactions, random.split()));
    }

    private static List<LedgerEvent> events(List<RequestedTransaction> transactions, SplittableRandom random) {
        LedgerFixture ledger = LedgerFixture.openLedger();
        int from = 0;
        while (from < transactions.size()) {
            int to = Math.min(transactions.size(), from + 1 + random.nextInt(8));
            ledger.handle(new PostTransactions(LEDGER, false, true, transactions.subList(from, to)));
            from = to;
        }
        return ledger.history.events().stream().map(RecordedEvent::event).toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void changes_taken_at_any_time_and_the_events_since_give_the_same_state(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomCommands commands = new RandomCommands(random);
        LedgerFixture ledger = LedgerFixture.openLedger();
        Map<AccountAddress, Account> accounts = new HashMap<>();
        Map<UUID, Hold> holds = new HashMap<>();
        LedgerOpened opened = ledger.state.opened();
        int covered = 0;
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            ledger.handle(commands.next(ledger));
            if (random.nextInt(10) == 0) {
                LedgerState.Changes changes = ledger.state.takeChanges();
                accounts.putAll(changes.accounts());
                changes.holds().forEach((id, hold) -> holds.compute(id, (same, before) -> hold));
                opened = ledger.state.opened();
                covered = ledger.history.events().size();
            }
        }
        LedgerState restored = LedgerState.restored(opened, accounts, holds);
        List<RecordedEvent> events = ledger.history.events();
        if (covered == 0) {
            restored = new LedgerState();
        }
        for (RecordedEvent recorded : events.subList(covered, events.size())) {
            Ledger.evolve(restored, recorded.event());
        }
        assertThat(restored.hash()).isEqualTo(ledger.state.hash());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_reversal_takes_back_exactly_what_its_transaction_did(long seed) {
        RandomCommands random = new RandomCommands(new SplittableRandom(seed));
        LedgerFixture ledger = LedgerFixture.openLedger();
        for (int i = 0; i < COMMANDS_PER_RUN; i++) {
            ledger.handle(random.next(ledger));
        }
        ledger.history.events().stream()
                .map(RecordedEvent::event)
                .filter(Transaction.class::isInstance)
                .map(Transaction.class::cast)
                .filter(transaction -> transaction.reverses() != null)
                .forEach(reversal -> {
                    Transaction original = (Transaction)
                            ledger.history.entity(reversal.reverses()).event().event();
                    assertThat(reversal.postings().reversed())
                            .map(back -> List.of(back.destination(), back.source(), back.asset(), back.amount()))
                            .isEqualTo(original.postings().stream()
                                    .map(posting -> List.of(
                                            posting.source(), posting.destination(), posting.asset(), posting.amount()))
                                    .toList());
                });
    }

    private static LedgerState replay(List<RecordedEvent> events) {
        LedgerState state = new LedgerState();
        events.forEach(recorded -> Ledger.evolve(state, recorded.event()));
        return state;
    }
}
