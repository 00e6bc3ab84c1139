package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.command.aggregate.LedgerAnswer;
import io.daybook.command.bus.BatchingCommandBus;
import io.daybook.command.intake.CommandIntake;
import io.daybook.command.ledger.LedgerCommand;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.OpenLedger;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How long a large ledger takes to open and what others notice of it. It prints; it asserts no times. Run it by
 * {@code ./mvnw -pl command-side -am test -Dtest=OpeningMeasurement -Ddaybook.measure=true
 * -Dsurefire.failIfNoSpecifiedTests=false}; {@code -Ddaybook.measure.accounts=100000} makes it smaller.
 */
@EnabledIfSystemProperty(named = "daybook.measure", matches = "true")
class OpeningMeasurement {

    private static final int ACCOUNTS = Integer.getInteger("daybook.measure.accounts", 1_000_000);
    private static final int ROUNDS = 5;
    private static final int BATCH = 4_000;
    private static final LedgerId LARGE = new LedgerId("large");
    private static final Asset USD = new Asset("USD/2");

    @Test
    void of_a_large_ledger() throws Exception {
        try (CommandServer server = CommandServer.with()) {
            BatchingCommandBus bus = server.bean(BatchingCommandBus.class);
            LedgerId small = besideOnOneWriter(bus);
            send(bus, open(LARGE)).get();
            send(bus, open(small)).get();
            List<Long> idle = probe(bus, small, CompletableFuture.runAsync(OpeningMeasurement::pause));
            long start = System.nanoTime();
            fill(bus);
            report("recorded %,d events", (long) ROUNDS * ACCOUNTS, start);

            server.stop();
            server.start();
            BatchingCommandBus again = server.bean(BatchingCommandBus.class);
            start = System.nanoTime();
            CompletableFuture<LedgerAnswer> first = send(again, transaction(LARGE, 0, 1));
            List<Long> meanwhile = probe(again, small, first);
            assertThat(first.get().sequence()).isEqualTo((long) ROUNDS * ACCOUNTS + 2);
            report("opened a ledger of %,d accounts from its snapshot", ACCOUNTS, start);
            System.out.printf(
                    "one transfer in another ledger of the same writer: idle %s, while opening %s%n",
                    summary(idle), summary(meanwhile));

            CompletableFuture<Void> spread = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 30; i++) {
                    send(again, transaction(LARGE, i * 2_000 % ACCOUNTS, 2_000)).join();
                }
            });
            System.out.printf(
                    "the same while %,d accounts change and two snapshots are written: %s%n",
                    60_000, summary(probe(again, small, spread)));
            System.out.printf(
                    "the snapshot has %,d entries and is at event %,d%n",
                    server.journal().queryForObject("select sum(merged + added) from snapshot", Long.class),
                    server.journal().queryForObject("select max(sequence) from snapshot", Long.class));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static LedgerId besideOnOneWriter(BatchingCommandBus bus) {
        int writers = bus.settings().writers();
        for (int i = 0; ; i++) {
            String name = "small-" + i;
            if (Math.floorMod(name.hashCode(), writers)
                    == Math.floorMod(LARGE.value().hashCode(), writers)) {
                return new LedgerId(name);
            }
        }
    }

    private static void fill(BatchingCommandBus bus) {
        Queue<CompletableFuture<LedgerAnswer>> inFlight = new ArrayDeque<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int from = 0; from < ACCOUNTS; from += BATCH) {
                inFlight.add(send(bus, transaction(LARGE, from, Math.min(BATCH, ACCOUNTS - from))));
                if (inFlight.size() > 4) {
                    inFlight.remove().join();
                }
            }
            System.out.printf("round %d of %d%n", round + 1, ROUNDS);
        }
        inFlight.forEach(CompletableFuture::join);
    }

    /** Latencies in nanoseconds of one transaction after the other until {@code end}. */
    private static List<Long> probe(BatchingCommandBus bus, LedgerId ledger, CompletableFuture<?> end) {
        List<Long> latencies = new ArrayList<>();
        do {
            long start = System.nanoTime();
            send(bus, transaction(ledger, 0, 1)).join();
            latencies.add(System.nanoTime() - start);
        } while (!end.isDone());
        end.join();
        return latencies;
    }

    private static String summary(List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return String.format(
                "%,d times, p50 %.1f ms, p99 %.1f ms, max %.1f ms",
                sorted.size(),
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get(sorted.size() * 99 / 100) / 1e6,
                sorted.getLast() / 1e6);
    }

    private static void report(String what, long count, long start) {
        System.out.printf(what + " in %.1f s%n", count, (System.nanoTime() - start) / 1e9);
    }

    private static OpenLedger open(LedgerId ledger) {
        return new OpenLedger(ledger, new Identity(UUID.randomUUID(), null), null, Map.of());
    }

    private static PostTransactions transaction(LedgerId ledger, int firstAccount, int count) {
        List<RequestedTransaction> transactions = new ArrayList<>(count);
        for (int i = firstAccount; i < firstAccount + count; i++) {
            UUID id = UUID.randomUUID();
            transactions.add(new RequestedTransaction(
                    new Identity(id, null),
                    id,
                    null,
                    null,
                    List.of(new RequestedPosting(
                            AccountAddress.WORLD, new AccountAddress("users:" + i), USD, Amount.of(5))),
                    Map.of()));
        }
        return new PostTransactions(ledger, false, true, transactions);
    }

    private static CompletableFuture<LedgerAnswer> send(BatchingCommandBus bus, LedgerCommand command) {
        return CommandIntake.send(bus, command, "measurement", "measurement", null);
    }
}
