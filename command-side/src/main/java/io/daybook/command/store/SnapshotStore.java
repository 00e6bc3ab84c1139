package io.daybook.command.store;

import io.daybook.command.ledger.Hold;
import io.daybook.command.ledger.LedgerState;
import io.daybook.events.EventType;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerId;
import io.daybook.messages.LedgerEventJson;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Snapshots of ledgers beside their journal. Writing one adds a part with what has changed since the last; when twice as much
 * has been added as the ledger held, the parts are merged: few changes are written again, and a snapshot is never read for
 * more than three times its size. Nothing depends on snapshots but the time it takes to open a ledger.
 */
public final class SnapshotStore {

    /** Of the parts. It is raised when their form changes; snapshots of another format are made anew. */
    private static final int FORMAT = 3;

    /** Parts of fewer entries than this together are not worth a merge. */
    private static final int MIN_MERGED = 100_000;

    /** How much is added before a merge, by what was merged last. */
    private static final int MAX_GROWTH = 2;

    /** How many parts are fetched at once. */
    private static final int FETCH_SIZE = 8;

    private final JdbcTemplate eventStore;
    private final TransactionOperations transactions;
    private final int minMerged;

    /**
     * @param merged how many accounts and holds the merged parts tell of
     * @param added how many entries the parts since have
     */
    private record Header(long sequence, int format, int chain, String hash, byte[] opened, int merged, int added) {}

    private SnapshotStore(JdbcTemplate eventStore, TransactionOperations transactions, int minMerged) {
        this.eventStore = eventStore;
        this.transactions = transactions;
        this.minMerged = minMerged;
    }

    public static SnapshotStore of(DataSource eventStore, TransactionOperations transactions) {
        return of(eventStore, transactions, MIN_MERGED);
    }

    /**
     * @param minMerged parts of fewer entries than this together are not merged
     */
    public static SnapshotStore of(DataSource eventStore, TransactionOperations transactions, int minMerged) {
        JdbcTemplate jdbc = new JdbcTemplate(eventStore);
        jdbc.setFetchSize(FETCH_SIZE);
        return new SnapshotStore(jdbc, transactions, minMerged);
    }

    /**
     * The ledger's snapshot, if it has one. To be read in the transaction that reads the events after it: until its end
     * nobody else writes to the snapshot.
     */
    public Optional<Snapshot> read(LedgerId ledger) {
        Header header = header(ledger, "for share");
        if (header == null || header.format() != FORMAT) {
            return Optional.empty();
        }
        SnapshotContents contents = new SnapshotContents();
        read(ledger, contents);
        LedgerOpened opened = (LedgerOpened) LedgerEventJson.read(EventType.LEDGER_OPENED.eventName(), header.opened());
        return Optional.of(new Snapshot(
                header.sequence(),
                header.chain(),
                header.hash(),
                LedgerState.restored(opened, contents.accounts(), contents.holds())));
    }

    private @Nullable Header header(LedgerId ledger, String lock) {
        return eventStore
                .query(
                        "select sequence, format, chain, hash, opened, merged, added from snapshot where ledger = ? "
                                + lock,
                        (row, n) -> new Header(
                                row.getLong("sequence"),
                                row.getInt("format"),
                                row.getInt("chain"),
                                HexFormat.of().formatHex(row.getBytes("hash")),
                                row.getBytes("opened"),
                                row.getInt("merged"),
                                row.getInt("added")),
                        ledger.value())
                .stream()
                .findFirst()
                .orElse(null);
    }

    private void read(LedgerId ledger, SnapshotContents contents) {
        eventStore.query(
                "select data from snapshot_part where ledger = ? order by sequence desc, part",
                row -> {
                    contents.add(row.getBytes(1));
                },
                ledger.value());
    }

    /**
     * Brings the ledger's snapshot up to date, or makes it.
     *
     * @return false if the snapshot has not come as far as the delta's base, and nothing was written
     */
    public boolean write(SnapshotDelta delta) {
        return Boolean.TRUE.equals(transactions.execute(transaction -> {
            Header before = lock(delta.ledger());
            if (before.sequence() < delta.base()) {
                transaction.setRollbackOnly();
                return false;
            }
            if (before.sequence() < delta.sequence()) {
                int added = before.added() + delta.changes().size();
                if (added > Math.max(minMerged, MAX_GROWTH * before.merged())) {
                    merge(delta);
                } else {
                    add(
                            delta,
                            SnapshotContents.parts(
                                    delta.changes().accounts(), delta.changes().holds()));
                    writeHeader(delta, before.merged(), added);
                }
            }
            return true;
        }));
    }

    /** Keeps others from the snapshot; one of another format has not begun. */
    private Header lock(LedgerId ledger) {
        eventStore.update(
                "insert into snapshot (ledger, sequence, format, hash, opened, merged, added)"
                        + " values (?, 0, ?, '', '', 0, 0) on conflict do nothing",
                ledger.value(),
                FORMAT);
        Header header = header(ledger, "for update");
        if (header != null && header.format() == FORMAT) {
            return header;
        }
        deleteParts(ledger);
        return new Header(0, FORMAT, HashChain.FIRST_VERSION, "", new byte[0], 0, 0);
    }

    private void merge(SnapshotDelta delta) {
        SnapshotContents contents = new SnapshotContents();
        contents.add(delta.changes().accounts(), delta.changes().holds());
        read(delta.ledger(), contents);
        Map<UUID, Hold> holds = contents.holds();
        deleteParts(delta.ledger());
        add(delta, SnapshotContents.parts(contents.accounts(), holds));
        writeHeader(delta, contents.accounts().size() + holds.size(), 0);
    }

    private void deleteParts(LedgerId ledger) {
        eventStore.update("delete from snapshot_part where ledger = ?", ledger.value());
    }

    private void add(SnapshotDelta delta, List<byte[]> parts) {
        for (int i = 0; i < parts.size(); i++) {
            eventStore.update(
                    "insert into snapshot_part (ledger, sequence, part, data) values (?, ?, ?, ?)",
                    delta.ledger().value(),
                    delta.sequence(),
                    i,
                    parts.get(i));
        }
    }

    private void writeHeader(SnapshotDelta delta, int merged, int added) {
        eventStore.update(
                "update snapshot set sequence = ?, format = ?, chain = ?, hash = ?, opened = ?, merged = ?, added = ?"
                        + " where ledger = ?",
                delta.sequence(),
                FORMAT,
                delta.chain(),
                HexFormat.of().parseHex(delta.hash()),
                LedgerEventJson.write(delta.opened()),
                merged,
                added,
                delta.ledger().value());
    }
}
