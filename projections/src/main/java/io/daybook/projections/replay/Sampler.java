package io.daybook.projections.replay;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.events.StoredEvent;
import io.daybook.messages.LedgerEventJson;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.projection.LedgerSample;
import io.daybook.projections.projection.LedgerSample.Position;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import io.daybook.projections.projection.Turnover;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** Adds up again, from the event store alone, what some accounts of some ledgers have. */
final class Sampler {

    /** So many events are read at least, if there are so many: all of as many ledgers as that takes. */
    private static final long EVENTS = 50_000;

    private static final int MAX_LEDGERS = 100;

    /** Of a ledger about so many accounts and events are in the sample. */
    private static final int SAMPLED = 500;

    private static final int READ_AT_ONCE = 1_000;
    private static final Position NOTHING = new Position(Turnover.NONE, BigInteger.ZERO);

    private final Journal journal;

    Sampler(Journal journal) {
        this.journal = journal;
    }

    /**
     * Ledgers by chance.
     *
     * @param positions how far the ledgers are that it is compared with
     */
    static List<LedgerId> some(Map<LedgerId, Long> positions) {
        List<LedgerId> ledgers = new ArrayList<>(positions.keySet());
        Collections.shuffle(ledgers);
        List<LedgerId> some = new ArrayList<>();
        long events = 0;
        for (LedgerId ledger : ledgers) {
            if (events >= EVENTS || some.size() == MAX_LEDGERS) {
                break;
            }
            some.add(ledger);
            events += positions.get(ledger);
        }
        return some;
    }

    /** A ledger as it is after an event. */
    LedgerSample of(LedgerId ledger, long sequence) {
        Sample sample = new Sample(ledger, Math.toIntExact(Math.max(1, sequence / SAMPLED)));
        long last = 0;
        while (last < sequence) {
            List<StoredEvent> events =
                    journal.events(ledger, last, Math.toIntExact(Math.min(READ_AT_ONCE, sequence - last)));
            if (events.isEmpty()) {
                break;
            }
            events.forEach(sample::add);
            last = events.getLast().sequence();
        }
        return new LedgerSample(ledger, last, sample.accounts, sample.hashes);
    }

    private static final class Sample {

        private final LedgerId ledger;
        private final int oneOf;
        private final int chance;
        private final Map<BalanceKey, Position> accounts = new HashMap<>();
        private final Map<Long, String> hashes = new HashMap<>();

        /**
         * @param oneOf so many accounts, or events, about one is taken
         */
        Sample(LedgerId ledger, int oneOf) {
            this.ledger = ledger;
            this.oneOf = oneOf;
            this.chance = ThreadLocalRandom.current().nextInt();
        }

        void add(StoredEvent stored) {
            if (isTaken(Long.hashCode(stored.sequence()))) {
                hashes.put(stored.sequence(), stored.hash());
            }
            LedgerEvent event = LedgerEventJson.read(stored).event();
            if (event instanceof Transaction transaction) {
                for (Posting posting : transaction.postings()) {
                    turn(posting.source(), posting.asset(), turnover -> turnover.out(posting.amount()));
                    turn(posting.destination(), posting.asset(), turnover -> turnover.in(posting.amount()));
                }
            }
            switch (event) {
                case HoldPlaced hold ->
                    hold(hold.source(), hold.asset(), hold.amount().toBigInteger());
                case HoldReleased hold ->
                    hold(
                            hold.source(),
                            hold.asset(),
                            hold.amount().toBigInteger().negate());
                case HoldCaptured capture -> {
                    Posting moved = capture.postings().getFirst();
                    hold(
                            moved.source(),
                            moved.asset(),
                            capture.taken().toBigInteger().negate());
                }
                default -> {} // nothing is held otherwise
            }
        }

        private boolean isTaken(int hash) {
            return Math.floorMod((hash ^ chance) * 0x9E3779B9, oneOf) == 0;
        }

        private void turn(AccountAddress account, Asset asset, UnaryOperator<Turnover> step) {
            change(account, asset, position -> new Position(step.apply(position.turnover()), position.held()));
        }

        private void hold(AccountAddress account, Asset asset, BigInteger more) {
            change(
                    account,
                    asset,
                    position ->
                            new Position(position.turnover(), position.held().add(more)));
        }

        private void change(AccountAddress account, Asset asset, UnaryOperator<Position> step) {
            if (isTaken(account.hashCode())) {
                accounts.compute(
                        new BalanceKey(ledger, account, asset),
                        (key, before) -> step.apply(before == null ? NOTHING : before));
            }
        }
    }
}
