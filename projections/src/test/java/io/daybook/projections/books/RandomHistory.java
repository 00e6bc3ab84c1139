package io.daybook.projections.books;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import io.daybook.projections.History;
import io.daybook.projections.projection.PublishedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** Events as a ledger could have written them, about few accounts, so that they meet each other. */
final class RandomHistory {

    private static final List<AccountAddress> ACCOUNTS = List.of(
            AccountAddress.WORLD, new AccountAddress("a"), new AccountAddress("b:1"), new AccountAddress("b:2"));
    private static final List<Asset> ASSETS = List.of(new Asset("USD/2"), new Asset("BTC/8"));
    private static final Instant START = Instant.parse("2025-12-30T00:00:00Z");
    private static final int EFFECTIVE_SECONDS = 4 * 24 * 60 * 60;

    private static final class Hold {
        final UUID id = UUID.randomUUID();
        final Posting wanted;
        long captured;
        long remaining;
        String state = "open";

        Hold(Posting wanted, long amount) {
            this.wanted = wanted;
            this.remaining = amount;
        }
    }

    private final SplittableRandom random;
    private final History history;
    private final List<Hold> holds = new ArrayList<>();

    RandomHistory(String ledger, SplittableRandom random) {
        this.random = random;
        this.history = new History(ledger);
        history.add(new LedgerOpened(null, Map.of()));
    }

    List<PublishedEvent> events(int count) {
        for (int i = 0; i < count; i++) {
            history.add(next());
        }
        return history.events();
    }

    /** Each as it must be in the end: id, state, captured, remaining. */
    List<String> holds() {
        return holds.stream()
                .map(hold -> hold.id + " " + hold.state + " " + hold.captured + " " + hold.remaining)
                .toList();
    }

    private LedgerEvent next() {
        List<Hold> open =
                holds.stream().filter(hold -> hold.state.equals("open")).toList();
        int kind = random.nextInt(10);
        if (kind < 2) {
            return place();
        }
        if (kind < 5 && !open.isEmpty()) {
            Hold hold = open.get(random.nextInt(open.size()));
            return kind == 2 ? release(hold) : capture(hold);
        }
        return kind == 5
                ? new MetadataChanged(oneOf(ACCOUNTS), null, Map.of("k", "v" + random.nextInt(5)))
                : new TransactionPosted(
                        UUID.randomUUID(), null, List.of(posting(), posting()), effectiveAt(), Map.of());
    }

    private HoldPlaced place() {
        Posting wanted = posting();
        Hold hold = new Hold(wanted, Long.parseLong(wanted.amount().toString()));
        holds.add(hold);
        return new HoldPlaced(hold.id, wanted.source(), null, wanted.asset(), wanted.amount(), null, Map.of());
    }

    private HoldCaptured capture(Hold hold) {
        long amount = 1 + random.nextLong(hold.remaining);
        long left = hold.remaining - amount;
        boolean closes = left == 0 || random.nextBoolean();
        hold.captured += amount;
        hold.remaining = closes ? 0 : left;
        hold.state = closes ? "captured" : "open";
        return new HoldCaptured(
                UUID.randomUUID(),
                hold.id,
                List.of(new Posting(
                        hold.wanted.source(), hold.wanted.destination(), hold.wanted.asset(), Amount.of(amount))),
                Amount.of(closes ? left : 0),
                closes,
                effectiveAt(),
                Map.of());
    }

    private HoldReleased release(Hold hold) {
        boolean expires = random.nextBoolean();
        Amount left = Amount.of(hold.remaining);
        hold.remaining = 0;
        hold.state = expires ? "expired" : "voided";
        return new HoldReleased(
                hold.id,
                hold.wanted.source(),
                hold.wanted.asset(),
                left,
                expires ? HoldReleased.Reason.EXPIRED : HoldReleased.Reason.VOIDED);
    }

    private Posting posting() {
        AccountAddress source = oneOf(ACCOUNTS);
        AccountAddress destination = oneOf(ACCOUNTS);
        while (destination.equals(source)) {
            destination = oneOf(ACCOUNTS);
        }
        return new Posting(source, destination, oneOf(ASSETS), Amount.of(1 + random.nextLong(1_000)));
    }

    private Instant effectiveAt() {
        return START.plusSeconds(random.nextInt(EFFECTIVE_SECONDS));
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
