package io.daybook.query;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import io.daybook.projections.projection.PublishedEvent;
import io.daybook.stores.StoredAccountSettings;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ledger of random postings, holds, settings and metadata about few accounts, with many of them backdated, and what must be told of
 * it: plainly added up from all lines there are.
 */
final class RandomBooks {

    static final List<String> ACCOUNTS = List.of("a", "a:1", "a:2", "ab", "b", "world");

    private static final List<String> ASSETS = List.of("BTC/8", "USD/2");
    private static final Instant START = Instant.parse("2025-12-28T21:30:00Z");
    private static final int SECONDS_BETWEEN = 700;
    private static final int MOST_AT_ONCE = 100;
    private static final long MOST_BACKDATED_S = 40L * 24 * 60 * 60;
    private static final long MOST_POSTDATED_S = 24L * 60 * 60;

    /**
     * A side of a posting, a change of what is held, of an account's settings or of its metadata; only what it changes is set.
     */
    private record Line(
            String account,
            @Nullable String asset,
            long sequence,
            int posting,
            BigInteger amount,
            BigInteger input,
            BigInteger balance,
            @Nullable BigInteger held,
            @Nullable Map<String, String> metadata,
            @Nullable Settings settings,
            Instant effectiveAt,
            Instant recordedAt) {

        boolean isEntry() {
            return asset != null && held == null;
        }
    }

    /**
     * What an account allows of each asset.
     *
     * @param overdraft null for no bound
     * @param min null for none
     */
    private record Settings(
            @Nullable BigInteger overdraft, @Nullable BigInteger min, boolean closed) {
        static final Settings INITIAL = new Settings(BigInteger.ZERO, null, false);

        String available(BigInteger unheld) {
            if (closed) {
                return "0";
            }
            BigInteger most = BigInteger.TWO.pow(127).subtract(BigInteger.ONE);
            BigInteger byOverdraft = overdraft == null ? null : unheld.add(overdraft);
            BigInteger byMin = min == null ? byOverdraft : unheld.subtract(min);
            BigInteger both = byOverdraft == null ? byMin : byOverdraft.min(byMin);
            return both == null
                    ? "unlimited"
                    : both.max(BigInteger.ZERO).min(most).toString();
        }

        /** As the event that sets them has them, for both assets. */
        StoredAccountSettings stored() {
            return StoredAccountSettings.ofJson(json());
        }

        private String json() {
            String limits =
                    min == null ? "{}" : "{\"BTC/8\":{\"min\":\"%1$s\"},\"USD/2\":{\"min\":\"%1$s\"}}".formatted(min);
            String lowest = overdraft == null
                    ? "\"unlimited\""
                    : "{\"BTC/8\":\"%1$s\",\"USD/2\":\"%1$s\"}".formatted(overdraft);
            return "{\"closed\":%s,\"limits\":%s,\"overdraft\":%s}".formatted(closed, limits, lowest);
        }
    }

    private record Key(String account, String asset) {}

    private final String ledger;
    private final SplittableRandom random;
    private final List<Line> lines = new ArrayList<>();
    private final List<PublishedEvent> events = new ArrayList<>();
    private final Map<Key, BigInteger> inputs = new HashMap<>();
    private final Map<Key, BigInteger> balances = new HashMap<>();
    private final Map<Key, BigInteger> held = new HashMap<>();
    private final List<HoldPlaced> open = new ArrayList<>();
    private long sequence = 1;

    RandomBooks(String ledger, long seed, int events) {
        this.ledger = ledger;
        this.random = new SplittableRandom(seed);
        happen(new LedgerOpened(null, Map.of()));
        while (sequence <= events) {
            sequence++;
            switch (random.nextInt(8)) {
                case 0, 1 -> hold();
                case 2 -> changeMetadata();
                case 3 -> configure();
                default -> post();
            }
        }
    }

    long sequence() {
        return sequence;
    }

    private void happen(LedgerEvent event) {
        events.add(Stores.event(ledger, sequence, recordedAt(), event));
    }

    private void post() {
        Instant effectiveAt = effectiveAt();
        List<Posting> postings = new ArrayList<>();
        int most = 1 + random.nextInt(3);
        for (int posting = 0; posting < most; posting++) {
            String source = oneOf(ACCOUNTS);
            String destination = oneOf(
                    ACCOUNTS.stream().filter(account -> !account.equals(source)).toList());
            String asset = oneOf(ASSETS);
            BigInteger amount = amount();
            enter(new Key(source, asset), posting, amount.negate(), effectiveAt);
            enter(new Key(destination, asset), posting, amount, effectiveAt);
            postings.add(new Posting(
                    new AccountAddress(source), new AccountAddress(destination), new Asset(asset), Amount.of(amount)));
        }
        happen(new TransactionPosted(new UUID(7, sequence), null, postings, effectiveAt, Map.of()));
    }

    private void enter(Key key, int posting, BigInteger amount, Instant effectiveAt) {
        BigInteger input = inputs.merge(key, amount.max(BigInteger.ZERO), BigInteger::add);
        BigInteger balance = balances.merge(key, amount, BigInteger::add);
        lines.add(new Line(
                key.account,
                key.asset,
                sequence,
                posting,
                amount,
                input,
                balance,
                null,
                null,
                null,
                effectiveAt,
                recordedAt()));
    }

    /** More is held of an account, or what a hold holds is let go. */
    private void hold() {
        if (open.isEmpty() || random.nextBoolean()) {
            HoldPlaced hold = new HoldPlaced(
                    new UUID(8, sequence),
                    new AccountAddress(oneOf(ACCOUNTS)),
                    null,
                    new Asset(oneOf(ASSETS)),
                    Amount.of(amount()),
                    null,
                    Map.of());
            open.add(hold);
            hold(hold, hold.amount().toBigInteger());
            happen(hold);
        } else {
            HoldPlaced hold = open.remove(random.nextInt(open.size()));
            hold(hold, hold.amount().toBigInteger().negate());
            happen(new HoldReleased(
                    hold.id(), hold.source(), hold.asset(), hold.amount(), HoldReleased.Reason.EXPIRED));
        }
    }

    private void hold(HoldPlaced hold, BigInteger more) {
        String account = hold.source().value();
        String asset = hold.asset().name();
        change(account, asset, held.merge(new Key(account, asset), more, BigInteger::add), null, null);
    }

    private void changeMetadata() {
        String account = oneOf(ACCOUNTS);
        Map<String, String> metadata = someMetadata();
        change(account, null, null, metadata, null);
        happen(new MetadataChanged(new AccountAddress(account), null, metadata));
    }

    private Map<String, String> someMetadata() {
        return Map.of("k", Integer.toString(random.nextInt(4)));
    }

    /** The world has no bounds. */
    private void configure() {
        String account = oneOf(ACCOUNTS);
        Settings settings = account.equals("world")
                ? new Settings(null, null, false)
                : new Settings(
                        random.nextInt(4) == 0 ? null : amount(),
                        random.nextInt(3) == 0 ? amount().negate() : random.nextInt(3) == 0 ? amount() : null,
                        random.nextInt(6) == 0);
        Map<String, String> metadata = someMetadata();
        change(account, null, null, metadata, settings);
        StoredAccountSettings stored = settings.stored();
        happen(new AccountConfigured(
                new AccountAddress(account), stored.overdraft(), stored.limits(), stored.closed(), metadata, false));
    }

    private void change(
            String account,
            @Nullable String asset,
            @Nullable BigInteger held,
            @Nullable Map<String, String> metadata,
            @Nullable Settings settings) {
        BigInteger zero = BigInteger.ZERO;
        Instant time = recordedAt();
        lines.add(new Line(account, asset, sequence, 0, zero, zero, zero, held, metadata, settings, time, time));
    }

    /** Up to what a balance may be, so that sums are larger than any machine's number. */
    private BigInteger amount() {
        return BigInteger.ONE.add(
                random.nextInt(5) == 0
                        ? BigInteger.TWO.pow(126).subtract(BigInteger.valueOf(random.nextInt(1_000)))
                        : BigInteger.valueOf(random.nextInt(1_000)));
    }

    private Instant recordedAt() {
        return START.plusSeconds(sequence * SECONDS_BETWEEN);
    }

    private Instant effectiveAt() {
        Instant exact = recordedAt()
                .plusSeconds(random.nextLong(-MOST_BACKDATED_S, MOST_POSTDATED_S))
                .plus(random.nextInt(1_000_000), ChronoUnit.MICROS);
        return switch (random.nextInt(8)) {
            case 0 -> exact.truncatedTo(ChronoUnit.HOURS);
            case 1 -> exact.truncatedTo(ChronoUnit.DAYS);
            case 2 -> exact.truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.MICROS);
            default -> exact;
        };
    }

    /** A time at which something happens, or just beside it. */
    Instant someTime() {
        Line line = oneOf(lines);
        Instant time = random.nextInt(4) == 0 ? line.recordedAt : line.effectiveAt;
        return switch (random.nextInt(6)) {
            case 0 -> time.minus(1, ChronoUnit.MICROS);
            case 1 -> time.plus(1, ChronoUnit.MICROS);
            case 2 -> time.truncatedTo(ChronoUnit.HOURS);
            case 3 -> time.truncatedTo(ChronoUnit.DAYS);
            default -> time;
        };
    }

    long someSequence() {
        return 1 + random.nextLong(sequence);
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private List<Line> known(String account, long asOf) {
        return lines.stream()
                .filter(line -> line.account.equals(account) && line.sequence <= asOf)
                .toList();
    }

    /** The account as the contract shows it, or nothing if it was not there. */
    @Nullable Map<String, Object> account(String account, @Nullable Instant at, long asOf) {
        List<Line> known = known(account, asOf);
        if (known.isEmpty() && !account.equals("world")) {
            return null;
        }
        Settings settings = account.equals("world") ? new Settings(null, null, false) : Settings.INITIAL;
        for (Line line : known) {
            if (line.settings != null && (at == null || !line.recordedAt.isAfter(at))) {
                settings = line.settings;
            }
        }
        Map<String, Object> funds = new HashMap<>();
        for (String asset : ASSETS) {
            List<Line> ofAsset = known.stream()
                    .filter(line -> asset.equals(line.asset))
                    .filter(line -> at == null || !line.effectiveAt.isAfter(at))
                    .toList();
            if (!ofAsset.isEmpty()) {
                BigInteger kept = BigInteger.ZERO;
                for (Line line : ofAsset) {
                    kept = line.held == null ? kept : line.held;
                }
                Map<String, String> sum = sum(ofAsset);
                BigInteger balance = new BigInteger(sum.get("balance"));
                sum.put("held", kept.toString());
                sum.put("available", settings.available(balance.subtract(kept)));
                funds.put(asset, sum);
            }
        }
        Map<String, String> metadata =
                known.stream().map(Line::metadata).filter(Objects::nonNull).reduce(Map.of(), (before, after) -> after);
        return Map.of("account", account, "balances", funds, "metadata", metadata, "sequence", asOf);
    }

    /** What the accounts under a prefix had together, by asset. */
    Map<String, Map<String, String>> sums(String prefix, @Nullable Instant at, long asOf) {
        Map<String, Map<String, String>> sums = new HashMap<>();
        for (String asset : ASSETS) {
            List<Line> entries = lines.stream()
                    .filter(Line::isEntry)
                    .filter(line -> line.account.startsWith(prefix) && asset.equals(line.asset))
                    .filter(line -> line.sequence <= asOf && (at == null || !line.effectiveAt.isAfter(at)))
                    .toList();
            if (!entries.isEmpty()) {
                sums.put(asset, sum(entries));
            }
        }
        return sums;
    }

    private static Map<String, String> sum(List<Line> lines) {
        BigInteger input = BigInteger.ZERO;
        BigInteger output = BigInteger.ZERO;
        for (Line line : lines) {
            input = input.add(line.amount.max(BigInteger.ZERO));
            output = output.add(line.amount.negate().max(BigInteger.ZERO));
        }
        return new HashMap<>(Map.of(
                "balance", input.subtract(output).toString(), "input", input.toString(), "output", output.toString()));
    }

    /** The balance after each line of a statement, in the order of recording. */
    List<String> statement(String account, String asset) {
        BigInteger balance = BigInteger.ZERO;
        List<String> balances = new ArrayList<>();
        for (Line line : known(account, sequence)) {
            if (line.isEntry() && asset.equals(line.asset)) {
                balance = balance.add(line.amount);
                balances.add(balance.toString());
            }
        }
        return balances;
    }

    /** Has it posted, in batches of any size. */
    void write(Stores stores) {
        for (int first = 0; first < events.size(); ) {
            int next = Math.min(events.size(), first + 1 + random.nextInt(MOST_AT_ONCE));
            stores.post(events.subList(first, next));
            first = next;
        }
    }
}
