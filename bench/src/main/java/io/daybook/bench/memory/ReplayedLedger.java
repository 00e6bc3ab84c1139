package io.daybook.bench.memory;

import io.daybook.bench.measure.Expected;
import io.daybook.bench.transfers.TransferScenario;
import io.daybook.command.ledger.Ledger;
import io.daybook.command.ledger.LedgerState;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import io.daybook.messages.LedgerEventJson;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A ledger as Daybook has it in memory, made of events that were read from their JSON as those of the journal are. */
final class ReplayedLedger implements MemorySubject.Balances {

    private static final Asset USD = new Asset("USD/2");
    private static final Amount AMOUNT = Amount.of(100_000);

    private final LedgerState state = new LedgerState();

    /** Gives each account something. */
    ReplayedLedger(int accounts) {
        replay(new LedgerOpened(null, Map.of()));
        Instant now = Instant.now();
        for (int i = 0; i < accounts; i++) {
            AccountAddress account = new AccountAddress(TransferScenario.account(i));
            replay(new TransactionPosted(
                    new UUID(0, i),
                    null,
                    List.of(new Posting(AccountAddress.WORLD, account, USD, AMOUNT)),
                    now,
                    Map.of()));
        }
        // A snapshot takes what has changed.
        state.takeChanges();
    }

    private void replay(LedgerEvent event) {
        Ledger.evolve(state, LedgerEventJson.read(EventType.of(event).eventName(), LedgerEventJson.write(event)));
    }

    @Override
    public void verify(int accounts) {
        Expected.require("accounts", accounts + 1, state.accounts().size());
        if (!state.sums().equals(Map.of(USD, BigInteger.ZERO))) {
            throw new AssertionError("the balances should sum to zero, and sum to " + state.sums());
        }
    }
}
