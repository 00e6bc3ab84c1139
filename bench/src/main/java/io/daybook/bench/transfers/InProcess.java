package io.daybook.bench.transfers;

import com.github.f4b6a3.uuid.UuidCreator;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.transfers.Flow.Transfer;
import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.aggregate.LedgerAnswer.Outcome;
import io.daybook.command.intake.CommandIntake;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;

/** Gives commands to Daybook's command bus. */
public final class InProcess implements Driver {

    private static final Asset USD = new Asset("USD/2");
    private static final Amount ONE = Amount.of(1);
    private static final Amount OPENING = Amount.of(TransferScenario.OPENING_BALANCE);
    private static final int FUNDED_AT_ONCE = 4_000;
    private static final int POSTED_AT_ONCE = 1_000;
    private static final int BATCHES_UNDER_WAY = 8;

    private final TransferScenario scenario;
    private final CommandBus bus;
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<LedgerId> ledgers;
    private final AccountAddress[] accounts;
    private final AccountAddress bank = new AccountAddress(TransferScenario.account(Flow.BANK));

    public InProcess(TransferScenario scenario, CommandBus bus) {
        this.scenario = scenario;
        this.bus = bus;
        ledgers = IntStream.range(0, scenario.ledgers())
                .mapToObj(i -> new LedgerId(TransferScenario.ledger(i)))
                .toList();
        accounts = IntStream.range(0, scenario.accounts())
                .mapToObj(i -> new AccountAddress(TransferScenario.account(i)))
                .toArray(AccountAddress[]::new);
    }

    /**
     * Opens the scenario's ledgers, and gives their accounts what they need.
     *
     * @return how many events that made
     */
    public long open() {
        long events = 0;
        for (LedgerId ledger : ledgers) {
            send(new OpenLedger(ledger, new Identity(id(), null), null, Map.of()))
                    .join();
            events++;
            if (scenario.flow().isBounded()) {
                fund(ledger);
                events += accounts.length;
            }
        }
        return events;
    }

    private void fund(LedgerId ledger) {
        for (int from = 0; from < accounts.length; from += FUNDED_AT_ONCE) {
            List<LedgerCommand.RequestedTransaction> transfers = new ArrayList<>();
            for (int i = from; i < Math.min(from + FUNDED_AT_ONCE, accounts.length); i++) {
                transfers.add(transfer(AccountAddress.WORLD, accounts[i], OPENING));
            }
            send(new PostTransactions(ledger, true, true, transfers)).join();
        }
    }

    /** As Daybook makes them for who has chosen none, but cheaper: neighbours in time are neighbours in an index. */
    private static UUID id() {
        return UuidCreator.getTimeOrderedEpochFast();
    }

    private LedgerCommand.RequestedTransaction transfer(
            AccountAddress source, AccountAddress destination, Amount amount) {
        UUID id = id();
        return new LedgerCommand.RequestedTransaction(
                new Identity(id, null),
                id,
                null,
                null,
                List.of(new RequestedPosting(source, destination, USD, amount)),
                Map.of());
    }

    private CompletableFuture<LedgerAnswer> send(LedgerCommand command) {
        return CommandIntake.send(bus, command, "bench", "bench", null);
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        return Loop.inFlight(scenario.inFlight(), duration, this::submit);
    }

    /** Gives one command with one transfer. */
    public void submit(Loop.Answered answer) {
        send(PostTransactions.only(ledgers.get(scenario.ledger(random)), next()))
                .whenComplete((result, failure) -> answer.with(
                        failure == null && !(result.outcomes().getFirst() instanceof Outcome.Recorded)
                                ? new IllegalStateException(
                                        result.outcomes().getFirst().toString())
                                : failure));
    }

    /** Makes so many transfers, as fast as can be: a history for what is measured after it. */
    void post(long transfers) {
        Deque<CompletableFuture<LedgerAnswer>> underWay = new ArrayDeque<>();
        for (long left = transfers; left > 0; left -= POSTED_AT_ONCE) {
            List<LedgerCommand.RequestedTransaction> batch = Stream.generate(this::next)
                    .limit(Math.min(left, POSTED_AT_ONCE))
                    .toList();
            underWay.add(send(new PostTransactions(ledgers.get(scenario.ledger(random)), true, true, batch)));
            if (underWay.size() > BATCHES_UNDER_WAY) {
                underWay.remove().join();
            }
        }
        underWay.forEach(CompletableFuture::join);
    }

    private LedgerCommand.RequestedTransaction next() {
        Transfer next = scenario.flow().next(random, scenario.accounts());
        return transfer(account(next.source()), account(next.destination()), ONE);
    }

    private AccountAddress account(int index) {
        return switch (index) {
            case Flow.WORLD -> AccountAddress.WORLD;
            case Flow.BANK -> bank;
            default -> accounts[index];
        };
    }
}
