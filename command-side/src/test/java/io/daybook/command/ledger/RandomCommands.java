package io.daybook.command.ledger;

import static io.daybook.command.ledger.LedgerFixture.LEDGER;

import io.daybook.command.ledger.LedgerCommand.CaptureHold;
import io.daybook.command.ledger.LedgerCommand.ChangeMetadata;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.ExpireHold;
import io.daybook.command.ledger.LedgerCommand.Identity;
import io.daybook.command.ledger.LedgerCommand.PlaceHold;
import io.daybook.command.ledger.LedgerCommand.PostTransactions;
import io.daybook.command.ledger.LedgerCommand.RequestedPosting;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.LedgerCommand.ReverseTransaction;
import io.daybook.command.ledger.LedgerCommand.VoidHold;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.BalanceLimits;
import io.daybook.events.Overdraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** Commands of every kind about few accounts, so that they meet each other; sensible ones and others. */
final class RandomCommands {

    private static final List<AccountAddress> ACCOUNTS = List.of(
            AccountAddress.WORLD,
            new AccountAddress("a"),
            new AccountAddress("b"),
            new AccountAddress("c:1"),
            new AccountAddress("c:2"));
    private static final List<Asset> ASSETS = List.of(new Asset("USD/2"), new Asset("BTC/8"));
    private static final int LONGEST_HOLD_SECONDS = 30;

    private final SplittableRandom random;
    private final List<UUID> transactions = new ArrayList<>();
    private final List<UUID> holds = new ArrayList<>();
    private final List<RequestedTransaction> posted = new ArrayList<>();

    RandomCommands(SplittableRandom random) {
        this.random = random;
    }

    /** The next command; time goes on by some seconds with each. */
    LedgerCommand next(LedgerFixture ledger) {
        ledger.now = ledger.now.plusSeconds(random.nextInt(5));
        return switch (random.nextInt(20)) {
            case 0, 1 -> configuration();
            case 2, 3, 4 -> placing(ledger);
            case 5, 6 ->
                new CaptureHold(
                        LEDGER,
                        identity(),
                        oneOf(holds),
                        random.nextInt(3) == 0 ? null : Amount.of(1 + random.nextLong(300)),
                        random.nextInt(3) == 0 ? account() : null,
                        random.nextBoolean());
            case 7 -> new VoidHold(LEDGER, identity(), oneOf(holds));
            case 8, 9 -> expiry();
            case 10, 11 -> reversal();
            case 12 -> metadata();
            default -> posting();
        };
    }

    private ExpireHold expiry() {
        UUID hold = oneOf(holds);
        return new ExpireHold(LEDGER, new Identity(new UUID(~hold.getMostSignificantBits(), 0), null), hold);
    }

    private ReverseTransaction reversal() {
        UUID id = id();
        transactions.add(id);
        return new ReverseTransaction(LEDGER, identity(), oneOf(transactions), id, null, Map.of());
    }

    private PlaceHold placing(LedgerFixture ledger) {
        UUID id = id();
        holds.add(id);
        AccountAddress source = account();
        AccountAddress destination = account();
        return new PlaceHold(
                LEDGER,
                identity(),
                id,
                source,
                source.equals(destination) ? null : destination,
                asset(),
                Amount.of(1 + random.nextLong(300)),
                random.nextBoolean() ? null : ledger.now.plusSeconds(random.nextInt(LONGEST_HOLD_SECONDS)),
                Map.of("n", Integer.toString(holds.size())));
    }

    private ChangeMetadata metadata() {
        Map<String, String> changes = new HashMap<>();
        changes.put("k" + random.nextInt(3), random.nextBoolean() ? null : "v" + random.nextInt(3));
        return switch (random.nextInt(3)) {
            case 0 -> new ChangeMetadata(LEDGER, identity(), null, null, changes);
            case 1 -> new ChangeMetadata(LEDGER, identity(), account(), null, changes);
            default -> new ChangeMetadata(LEDGER, identity(), null, oneOf(transactions), changes);
        };
    }

    private ConfigureAccount configuration() {
        AccountAddress account = ACCOUNTS.get(1 + random.nextInt(ACCOUNTS.size() - 1));
        Overdraft overdraft =
                switch (random.nextInt(4)) {
                    case 0 -> Overdraft.UNLIMITED;
                    case 1 -> new Overdraft.Limited(Map.of(asset(), Amount.of(random.nextLong(500))));
                    case 2 -> Overdraft.NONE;
                    default -> null;
                };
        Map<Asset, BalanceLimits> limits = random.nextInt(3) == 0
                ? Map.of(asset(), new BalanceLimits(Amount.of(-100), Amount.of(100 + random.nextLong(2_000))))
                : null;
        Boolean closed = random.nextInt(5) == 0 ? Boolean.valueOf(random.nextInt(4) == 0) : null;
        return new ConfigureAccount(LEDGER, identity(), account, overdraft, limits, closed, null);
    }

    private PostTransactions posting() {
        List<RequestedTransaction> transactions = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            transactions.add(transaction());
        }
        if (random.nextInt(8) == 0) {
            // One that came before, under its id or twice in the same batch.
            transactions.add(
                    posted.isEmpty() || random.nextBoolean() ? transactions.getFirst() : oneOf(random, posted));
        }
        posted.addAll(transactions);
        if (random.nextBoolean()) {
            transactions.replaceAll(transaction -> transaction.with(new Identity(id(), "fingerprint")));
        }
        return new PostTransactions(LEDGER, random.nextBoolean(), true, transactions);
    }

    RequestedTransaction transaction() {
        List<RequestedPosting> postings = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            int source = random.nextInt(ACCOUNTS.size());
            int destination = (source + 1 + random.nextInt(ACCOUNTS.size() - 1)) % ACCOUNTS.size();
            Amount amount =
                    switch (random.nextInt(10)) {
                        case 0 -> null;
                        case 1 -> Amount.MAX;
                        default -> Amount.of(1 + random.nextLong(1_000));
                    };
            postings.add(new RequestedPosting(ACCOUNTS.get(source), ACCOUNTS.get(destination), asset(), amount));
        }
        UUID id = id();
        transactions.add(id);
        return new RequestedTransaction(new Identity(id, null), id, null, null, postings, Map.of());
    }

    /** With a key or without. */
    private Identity identity() {
        return new Identity(id(), random.nextBoolean() ? "fingerprint" : null);
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** One of those asked for so far, be it there or not. */
    private UUID oneOf(List<UUID> ids) {
        return ids.isEmpty() ? id() : oneOf(random, ids);
    }

    static <T> T oneOf(SplittableRandom random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private AccountAddress account() {
        return ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
    }

    private Asset asset() {
        return ASSETS.get(random.nextInt(ASSETS.size()));
    }
}
