package io.daybook.bench.memory;

import io.daybook.bench.measure.Expected;
import io.daybook.bench.transfers.TransferScenario;
import java.util.HashMap;
import java.util.Map;

/** The least that Java's own collections can do: a number for each address. */
final class PlainBalances implements MemorySubject.Balances {

    private final Map<String, Long> balances = new HashMap<>();

    /** Gives each account something. */
    PlainBalances(int accounts) {
        for (int i = 0; i < accounts; i++) {
            balances.merge(TransferScenario.account(i), 100_000L + i, Long::sum);
        }
    }

    @Override
    public void verify(int accounts) {
        Expected.require("accounts", accounts, balances.size());
    }
}
