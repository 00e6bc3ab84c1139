package io.daybook.command.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.daybook.axon.LedgerEventJson;
import io.daybook.command.ledger.Account;
import io.daybook.command.ledger.Account.Position;
import io.daybook.command.ledger.AccountSettings;
import io.daybook.command.ledger.Hold;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jpountz.lz4.LZ4BlockInputStream;
import net.jpountz.lz4.LZ4BlockOutputStream;
import org.jspecify.annotations.Nullable;

/** The accounts and holds that the parts of a snapshot tell of. What a part says goes before what those before it said. */
final class SnapshotContents {

    /** A part is closed when it is longer than this, in bytes before it is compressed. */
    private static final int PART_BYTES = 4 * 1024 * 1024;

    private static final int END = 0;
    private static final int ACCOUNT = 1;
    private static final int HOLD = 2;

    private final Map<AccountAddress, Account> accounts = new HashMap<>();
    private final Map<UUID, Hold> holds = new HashMap<>();
    private final Map<String, Asset> assets = new HashMap<>(); // millions of positions, few assets

    Map<AccountAddress, Account> accounts() {
        return accounts;
    }

    Map<UUID, Hold> holds() {
        return holds;
    }

    int size() {
        return accounts.size() + holds.size();
    }

    /** What is null of the holds has ended. */
    void add(Map<AccountAddress, Account> changedAccounts, Map<UUID, @Nullable Hold> changedHolds) {
        accounts.putAll(changedAccounts);
        changedHolds.forEach(this::put);
    }

    private void put(UUID id, @Nullable Hold hold) {
        if (hold == null) {
            holds.remove(id);
        } else {
            holds.put(id, hold);
        }
    }

    /** Adds what a part says. */
    void add(byte[] part) {
        try (DataInputStream in = new DataInputStream(new LZ4BlockInputStream(new ByteArrayInputStream(part)))) {
            for (int kind = in.read(); kind != END; kind = in.read()) {
                switch (kind) {
                    case ACCOUNT -> readAccount(in);
                    case HOLD -> readHold(in);
                    default -> throw new IllegalStateException("a part of a snapshot is damaged: kind " + kind);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a part of a snapshot is damaged; delete the snapshot", e);
        }
    }

    private void readAccount(DataInputStream in) throws IOException {
        AccountAddress address = new AccountAddress(new String(bytes(in), UTF_8));
        List<Position> positions = positions(in);
        byte[] settings = bytes(in);
        accounts.put(
                address,
                Account.of(
                        settings.length == 0
                                ? AccountSettings.initial(address)
                                : AccountSettings.of(event(AccountConfigured.class, settings)),
                        positions));
    }

    private void readHold(DataInputStream in) throws IOException {
        UUID id = new UUID(in.readLong(), in.readLong());
        byte[] placed = bytes(in);
        put(id, placed.length == 0 ? null : Hold.of(event(HoldPlaced.class, placed)));
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private List<Position> positions(DataInputStream in) throws IOException {
        Position[] positions = new Position[in.readInt()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = new Position(assets.computeIfAbsent(in.readUTF(), Asset::new), amount(in), amount(in));
        }
        return List.of(positions);
    }

    private static Amount amount(DataInputStream in) throws IOException {
        return new Amount(in.readLong(), in.readLong());
    }

    /** As parts: at least one. */
    static List<byte[]> parts(Map<AccountAddress, Account> accounts, Map<UUID, ? extends @Nullable Hold> holds) {
        try {
            Writer writer = new Writer();
            for (Map.Entry<AccountAddress, Account> entry : accounts.entrySet()) {
                writer.write(entry.getKey(), entry.getValue());
            }
            for (Map.Entry<UUID, ? extends @Nullable Hold> entry : holds.entrySet()) {
                writer.write(entry.getKey(), entry.getValue());
            }
            return writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is all in memory
        }
    }

    private static final class Writer {
        private final List<byte[]> parts = new ArrayList<>();
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private DataOutputStream out = begin();

        private DataOutputStream begin() {
            bytes = new ByteArrayOutputStream();
            return new DataOutputStream(new LZ4BlockOutputStream(bytes));
        }

        void write(AccountAddress address, Account account) throws IOException {
            out.write(ACCOUNT);
            write(address.value().getBytes(UTF_8));
            write(account.positions());
            write(settings(address, account.settings()));
            next();
        }

        void write(UUID id, @Nullable Hold hold) throws IOException {
            out.write(HOLD);
            out.writeLong(id.getMostSignificantBits());
            out.writeLong(id.getLeastSignificantBits());
            write(hold == null ? new byte[0] : LedgerEventJson.write(hold.asPlaced()));
            next();
        }

        private void write(List<Position> positions) throws IOException {
            out.writeInt(positions.size());
            for (Position position : positions) {
                out.writeUTF(position.asset().name());
                write(position.balance());
                write(position.held());
            }
        }

        private void write(Amount amount) throws IOException {
            out.writeLong(amount.high());
            out.writeLong(amount.low());
        }

        private void write(byte[] value) throws IOException {
            out.writeInt(value.length);
            out.write(value);
        }

        private void next() throws IOException {
            if (out.size() > PART_BYTES) {
                endPart();
                out = begin();
            }
        }

        private void endPart() throws IOException {
            out.write(END);
            out.close();
            parts.add(bytes.toByteArray());
        }

        List<byte[]> end() throws IOException {
            endPart();
            return parts;
        }
    }

    private static byte[] settings(AccountAddress address, AccountSettings settings) {
        return settings.equals(AccountSettings.initial(address))
                ? new byte[0]
                : LedgerEventJson.write(new AccountConfigured(
                        address,
                        settings.overdraft(),
                        settings.limits(),
                        settings.closed(),
                        settings.metadata(),
                        false));
    }

    private static <E extends LedgerEvent> E event(Class<E> type, byte[] data) {
        return type.cast(LedgerEventJson.read(EventType.of(type).eventName(), data));
    }
}
