package io.daybook.command.ledger;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger remembers of an account. It never changes: a new one takes its place.
 *
 * <p>Nearly all have moved one asset: that one's position is held in fields, without objects of its own.
 */
public final class Account {

    /**
     * An account's standing in one asset.
     *
     * @param held what holds have set aside of the balance; zero or more
     */
    public record Position(Asset asset, Amount balance, Amount held) {}

    private final AccountSettings settings;

    /** The first asset by its name, or null if none ever moved or was held here. */
    private final @Nullable Asset asset;

    private final Amount balance;
    private final Amount held;

    /** The positions in further assets, sorted, or null. */
    private final Position @Nullable [] more;

    private Account(
            AccountSettings settings, @Nullable Asset asset, Amount balance, Amount held, Position @Nullable [] more) {
        this.settings = settings;
        this.asset = asset;
        this.balance = balance;
        this.held = held;
        this.more = more;
    }

    static Account initial(AccountAddress address) {
        return of(AccountSettings.initial(address), List.of());
    }

    /**
     * @param positions one for each asset that ever moved or was held here, sorted by asset
     */
    public static Account of(AccountSettings settings, List<Position> positions) {
        if (positions.isEmpty()) {
            return new Account(settings, null, Amount.ZERO, Amount.ZERO, null);
        }
        Position first = positions.getFirst();
        Position[] more = positions.size() == 1
                ? null
                : positions.subList(1, positions.size()).toArray(Position[]::new);
        return new Account(settings, first.asset(), first.balance(), first.held(), more);
    }

    /** One that was never configured and has moved nothing but this asset, of which nothing is held. */
    static Account plain(AccountAddress address, Asset asset, long balance) {
        return new Account(AccountSettings.initial(address), asset, Amount.of(balance), Amount.ZERO, null);
    }

    /** Whether {@link #plain} can make it. */
    boolean isPlain(AccountAddress address) {
        return asset != null
                && more == null
                && held.isZero()
                && balance.isLong()
                && settings.equals(AccountSettings.initial(address));
    }

    /** The first asset by its name, or null if none ever moved or was held here. */
    @Nullable Asset asset() {
        return asset;
    }

    public AccountSettings settings() {
        return settings;
    }

    /** One for each asset that ever moved or was held here, sorted by asset. */
    public List<Position> positions() {
        if (asset == null) {
            return List.of();
        }
        Position first = new Position(asset, balance, held);
        if (more == null) {
            return List.of(first);
        }
        List<Position> positions = new ArrayList<>(more.length + 1);
        positions.add(first);
        positions.addAll(List.of(more));
        return List.copyOf(positions);
    }

    Amount balance(Asset asked) {
        if (asked.equals(asset)) {
            return balance;
        }
        Position position = further(asked);
        return position == null ? Amount.ZERO : position.balance();
    }

    Amount held(Asset asked) {
        if (asked.equals(asset)) {
            return held;
        }
        Position position = further(asked);
        return position == null ? Amount.ZERO : position.held();
    }

    private @Nullable Position further(Asset asked) {
        if (more != null) {
            for (Position position : more) {
                if (position.asset().equals(asked)) {
                    return position;
                }
            }
        }
        return null;
    }

    Account with(AccountSettings changed) {
        return new Account(changed, asset, balance, held, more);
    }

    /**
     * @throws ArithmeticException if a sum leaves the range of {@link Amount}
     */
    Account plus(Asset moved, Amount balance, Amount held) {
        if (moved.equals(asset)) {
            return new Account(settings, asset, this.balance.plus(balance), this.held.plus(held), more);
        }
        List<Position> positions = new ArrayList<>(positions());
        int i = 0;
        while (i < positions.size() && positions.get(i).asset().compareTo(moved) < 0) {
            i++;
        }
        if (i < positions.size() && positions.get(i).asset().equals(moved)) {
            Position before = positions.get(i);
            positions.set(
                    i,
                    new Position(
                            before.asset(),
                            before.balance().plus(balance),
                            before.held().plus(held)));
        } else {
            positions.add(i, new Position(moved, balance, held));
        }
        return of(settings, positions);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Account account
                && settings.equals(account.settings)
                && positions().equals(account.positions());
    }

    @Override
    public int hashCode() {
        return Objects.hash(settings, positions());
    }

    @Override
    public String toString() {
        return "Account[settings=" + settings + ", positions=" + positions() + "]";
    }
}
