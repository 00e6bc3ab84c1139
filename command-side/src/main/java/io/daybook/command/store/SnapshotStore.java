package io.daybook.command.store;

import io.daybook.axon.LedgerEventJson;
import io.daybook.command.ledger.Account;
import io.daybook.command.ledger.Account.Position;
import io.daybook.command.ledger.AccountSettings;
import io.daybook.command.ledger.Hold;
import io.daybook.command.ledger.LedgerState;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Snapshots of ledgers beside their journal. Writing one costs what has changed since the last, not what the ledger holds.
 * Nothing depends on them but the time it takes to open a ledger.
 */
public final class SnapshotStore {

    /** Of the rows. It is raised when their form changes; snapshots of another format are made anew. */
    private static final int FORMAT = 1;

    /** How many rows are written by one statement. */
    private static final int CHUNK = 5_000;

    private static final int FETCH_SIZE = 10_000;

    private final JdbcTemplate eventStore;
    private final TransactionOperations transactions;

    private record Header(long sequence, String hash, byte[] opened) {}

    private SnapshotStore(JdbcTemplate eventStore, TransactionOperations transactions) {
        this.eventStore = eventStore;
        this.transactions = transactions;
    }

    public static SnapshotStore of(DataSource eventStore, TransactionOperations transactions) {
        JdbcTemplate jdbc = new JdbcTemplate(eventStore);
        jdbc.setFetchSize(FETCH_SIZE);
        return new SnapshotStore(jdbc, transactions);
    }

    /**
     * The ledger's snapshot, if it has one. To be read in the transaction that reads the events after it: until its end
     * nobody else writes to the snapshot.
     */
    public Optional<Snapshot> read(LedgerId ledger) {
        return eventStore
                .query(
                        "select sequence, hash, opened from snapshot where ledger = ? and format = ? for share",
                        (row, n) -> new Header(
                                row.getLong("sequence"),
                                HexFormat.of().formatHex(row.getBytes("hash")),
                                row.getBytes("opened")),
                        ledger.value(),
                        FORMAT)
                .stream()
                .findFirst()
                .map(header -> new Snapshot(
                        header.sequence(),
                        header.hash(),
                        LedgerState.restored(
                                event(LedgerOpened.class, header.opened()), accounts(ledger), holds(ledger))));
    }

    private Map<AccountAddress, Account> accounts(LedgerId ledger) {
        Map<AccountAddress, Account> accounts = new HashMap<>();
        Map<String, Asset> assets = new HashMap<>(); // millions of positions, few assets
        eventStore.query(
                "select account, positions, settings from snapshot_account where ledger = ?",
                row -> {
                    AccountAddress address = new AccountAddress(row.getString(1));
                    byte[] settings = row.getBytes(3);
                    accounts.put(
                            address,
                            new Account(
                                    settings == null
                                            ? AccountSettings.initial(address)
                                            : AccountSettings.of(event(AccountConfigured.class, settings)),
                                    positions(row.getString(2), assets)));
                },
                ledger.value());
        return accounts;
    }

    private Map<UUID, Hold> holds(LedgerId ledger) {
        Map<UUID, Hold> holds = new HashMap<>();
        eventStore.query(
                "select placed from snapshot_hold where ledger = ?",
                row -> {
                    Hold hold = Hold.of(event(HoldPlaced.class, row.getBytes(1)));
                    holds.put(hold.id(), hold);
                },
                ledger.value());
        return holds;
    }

    /**
     * Brings the ledger's snapshot up to date, or makes it.
     *
     * @return false if the snapshot has not come as far as the delta's base, and nothing was written
     */
    public boolean write(SnapshotDelta delta) {
        return Boolean.TRUE.equals(transactions.execute(transaction -> {
            long stored = lock(delta);
            if (stored < delta.base()) {
                transaction.setRollbackOnly();
                return false;
            }
            if (stored < delta.sequence()) {
                writeAccounts(delta.ledger(), delta.changes().accounts());
                writeHolds(delta.ledger(), delta.changes().holds());
                eventStore.update(
                        "update snapshot set sequence = ?, format = ?, hash = ?, opened = ? where ledger = ?",
                        delta.sequence(),
                        FORMAT,
                        HexFormat.of().parseHex(delta.hash()),
                        LedgerEventJson.write(delta.opened()),
                        delta.ledger().value());
            }
            return true;
        }));
    }

    /** Keeps others from the snapshot and tells how far it has come; one of another format has not begun. */
    private long lock(SnapshotDelta delta) {
        String ledger = delta.ledger().value();
        eventStore.update(
                "insert into snapshot (ledger, sequence, format, hash, opened) values (?, 0, ?, '', '')"
                        + " on conflict do nothing",
                ledger,
                FORMAT);
        record Stored(long sequence, int format) {}
        Stored stored = eventStore.queryForObject(
                "select sequence, format from snapshot where ledger = ? for update",
                (row, n) -> new Stored(row.getLong("sequence"), row.getInt("format")),
                ledger);
        if (stored.format() == FORMAT) {
            return stored.sequence();
        }
        eventStore.update("delete from snapshot_account where ledger = ?", ledger);
        eventStore.update("delete from snapshot_hold where ledger = ?", ledger);
        return 0;
    }

    private void writeAccounts(LedgerId ledger, Map<AccountAddress, Account> accounts) {
        inChunks(accounts, chunk -> {
            String[] addresses = new String[chunk.size()];
            String[] positions = new String[chunk.size()];
            byte[][] settings = new byte[chunk.size()][];
            for (int i = 0; i < addresses.length; i++) {
                AccountAddress address = chunk.get(i).getKey();
                Account account = chunk.get(i).getValue();
                addresses[i] = address.value();
                positions[i] = text(account.positions());
                settings[i] = settings(address, account.settings());
            }
            eventStore.update("""
                    insert into snapshot_account (ledger, account, positions, settings)
                    select ?, row.* from unnest(?::text[], ?::text[], ?::bytea[]) as row
                    on conflict (ledger, account)
                    do update set positions = excluded.positions, settings = excluded.settings
                    """, statement -> {
                statement.setString(1, ledger.value());
                statement.setArray(2, statement.getConnection().createArrayOf("text", addresses));
                statement.setArray(3, statement.getConnection().createArrayOf("text", positions));
                statement.setArray(4, statement.getConnection().createArrayOf("bytea", settings));
            });
        });
    }

    private void writeHolds(LedgerId ledger, Map<UUID, @Nullable Hold> holds) {
        inChunks(holds, chunk -> {
            UUID[] ids = new UUID[chunk.size()];
            byte[][] placed = new byte[chunk.size()][];
            for (int i = 0; i < ids.length; i++) {
                Hold hold = chunk.get(i).getValue();
                ids[i] = chunk.get(i).getKey();
                placed[i] = hold == null ? null : LedgerEventJson.write(hold.asPlaced());
            }
            eventStore.update("""
                    with change as (
                        select * from unnest(?::uuid[], ?::bytea[]) as c (hold, placed)
                    ), ended as (
                        delete from snapshot_hold h using change c
                         where c.placed is null and h.ledger = ? and h.hold = c.hold
                    )
                    insert into snapshot_hold (ledger, hold, placed)
                    select ?, hold, placed from change where placed is not null
                    on conflict (ledger, hold) do update set placed = excluded.placed
                    """, statement -> {
                statement.setArray(1, statement.getConnection().createArrayOf("uuid", ids));
                statement.setArray(2, statement.getConnection().createArrayOf("bytea", placed));
                statement.setString(3, ledger.value());
                statement.setString(4, ledger.value());
            });
        });
    }

    private interface Chunk<K, V> {
        void write(List<Map.Entry<K, V>> entries);
    }

    private static <K, V extends @Nullable Object> void inChunks(Map<K, V> changes, Chunk<K, V> chunk) {
        Iterator<Map.Entry<K, V>> rest = changes.entrySet().iterator();
        while (rest.hasNext()) {
            List<Map.Entry<K, V>> entries = new ArrayList<>(CHUNK);
            while (rest.hasNext() && entries.size() < CHUNK) {
                entries.add(rest.next());
            }
            chunk.write(entries);
        }
    }

    private static byte @Nullable [] settings(AccountAddress address, AccountSettings settings) {
        return settings.equals(AccountSettings.initial(address))
                ? null
                : LedgerEventJson.write(new AccountConfigured(
                        address,
                        settings.overdraft(),
                        settings.limits(),
                        settings.closed(),
                        settings.metadata(),
                        false));
    }

    private static String text(List<Position> positions) {
        StringBuilder text = new StringBuilder();
        for (Position position : positions) {
            if (!text.isEmpty()) {
                text.append(' ');
            }
            text.append(position.asset())
                    .append(' ')
                    .append(position.balance())
                    .append(' ')
                    .append(position.held());
        }
        return text.toString();
    }

    private static List<Position> positions(String text, Map<String, Asset> assets) {
        if (text.isEmpty()) {
            return List.of();
        }
        String[] words = text.split(" ");
        List<Position> positions = new ArrayList<>(words.length / 3);
        for (int i = 0; i < words.length; i += 3) {
            positions.add(new Position(
                    assets.computeIfAbsent(words[i], Asset::new),
                    Amount.parse(words[i + 1]),
                    Amount.parse(words[i + 2])));
        }
        return List.copyOf(positions);
    }

    private static <E extends LedgerEvent> E event(Class<E> type, byte[] data) {
        return type.cast(LedgerEventJson.read(EventType.of(type).eventName(), data));
    }
}
