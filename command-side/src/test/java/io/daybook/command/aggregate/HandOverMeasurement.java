package io.daybook.command.aggregate;

import io.daybook.command.CommandServer;
import io.daybook.command.ledger.Ledger;
import io.daybook.command.ledger.LedgerState;
import io.daybook.command.settings.CommandSideProperties.Snapshots;
import io.daybook.command.store.SnapshotDelta;
import io.daybook.command.store.SnapshotStore;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How long a writer is kept by handing over what has changed in a ledger of a million accounts, while the store cannot keep
 * up. It prints; it asserts no times. Run it by {@code ./mvnw -pl command-side -am test -Dtest=HandOverMeasurement
 * -Ddaybook.measure=true -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@EnabledIfSystemProperty(named = "daybook.measure", matches = "true")
class HandOverMeasurement {

    private static final int ACCOUNTS = 1_000_000;
    private static final int ROUNDS = 2;
    private static final Asset USD = new Asset("USD/2");
    private static final LedgerId LEDGER = new LedgerId("large");
    private static final String HASH = "00".repeat(32);

    @Test
    void of_what_has_changed() throws Exception {
        Snapshots thresholds = new Snapshots(20_000, 50_000, Duration.ofSeconds(5));
        LedgerOpened opened = new LedgerOpened(null, Map.of());
        LedgerState state = Ledger.evolve(new LedgerState(), opened);
        List<Long> nanos = new ArrayList<>();
        try (CommandServer server = CommandServer.with();
                LedgerSnapshotter snapshotter =
                        new LedgerSnapshotter(server.bean(SnapshotStore.class), thresholds, Duration.ofSeconds(20))) {
            long sequence = 1;
            long snapshotted = 0;
            for (int i = 0; i < ROUNDS * ACCOUNTS; i++) {
                Ledger.evolve(state, credit("users:" + i % ACCOUNTS));
                sequence++;
                long start = System.nanoTime();
                if (snapshotter.isDue(state.changeCount(), sequence - snapshotted)) {
                    snapshotter.offer(
                            new SnapshotDelta(LEDGER, snapshotted, sequence, 2, HASH, opened, state.takeChanges()));
                    nanos.add(System.nanoTime() - start);
                    snapshotted = sequence;
                }
            }
        }
        Collections.sort(nanos);
        System.out.printf(
                "%d hand-overs of %,d accounts: p50 %.3f ms, p95 %.3f ms, max %.3f ms%n",
                nanos.size(),
                thresholds.accounts(),
                nanos.get(nanos.size() / 2) / 1e6,
                nanos.get(nanos.size() * 95 / 100) / 1e6,
                nanos.getLast() / 1e6);
    }

    private static TransactionPosted credit(String account) {
        return new TransactionPosted(
                new UUID(0, 0),
                null,
                List.of(new Posting(AccountAddress.WORLD, new AccountAddress(account), USD, Amount.of(1))),
                Instant.EPOCH,
                Map.of());
    }
}
