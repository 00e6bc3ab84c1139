package io.daybook.command.store;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.daybook.messages.LedgerEventJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import net.jpountz.lz4.LZ4BlockInputStream;
import net.jpountz.lz4.LZ4BlockOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The accounts and holds that the parts of a snapshot tell of. What a part says goes before what those before it said, so they
 * are added from the last to the first, and what is out of date is not read.
 */
final class SnapshotContents {

    /** A part is closed when it is longer than this, in bytes before it is compressed. */
    private static final int PART_BYTES = 4 * 1024 * 1024;

    private static final int END = 0;
    private static final int ACCOUNT = 1;
    private static final int HOLD = 2;

    private static final int AMOUNT_BYTES = 2 * Long.BYTES;

    private final Map<AccountAddress, Account> accounts = new HashMap<>();
    private final Map<UUID, @Nullable Hold> holds = new HashMap<>(); // null for one that has ended
    private final Map<String, Asset> assets = new HashMap<>(); // millions of positions, few assets

    Map<AccountAddress, Account> accounts() {
        return accounts;
    }

    /** Those that are open. */
    Map<UUID, Hold> holds() {
        Map<UUID, Hold> open = new HashMap<>(holds);
        open.values().removeIf(Objects::isNull);
        return open;
    }

    /** Adds what nothing later has told of. What is null of the holds has ended. */
    void add(Map<AccountAddress, Account> changedAccounts, Map<UUID, @Nullable Hold> changedHolds) {
        changedAccounts.forEach(accounts::putIfAbsent);
        changedHolds.forEach(this::put);
    }

    private void put(UUID id, @Nullable Hold hold) {
        if (!holds.containsKey(id)) {
            holds.put(id, hold);
        }
    }

    /** Adds what a part says of what no later one has told of. */
    void add(byte[] part) {
        try (LZ4BlockInputStream in = new LZ4BlockInputStream(new ByteArrayInputStream(part))) {
            ByteBuffer entries = ByteBuffer.wrap(in.readAllBytes());
            for (int kind = entries.get(); kind != END; kind = entries.get()) {
                switch (kind) {
                    case ACCOUNT -> readAccount(entries);
                    case HOLD -> readHold(entries);
                    default -> throw damaged(new IOException("there is no kind " + kind));
                }
            }
        } catch (BufferUnderflowException e) {
            throw damaged(new EOFException());
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private static UncheckedIOException damaged(IOException cause) {
        return new UncheckedIOException("a part of a snapshot is damaged; delete the snapshot", cause);
    }

    private void readAccount(ByteBuffer in) {
        AccountAddress address = new AccountAddress(text(in, in.getInt()));
        if (accounts.containsKey(address)) {
            skipAccount(in);
            return;
        }
        List<Position> positions = positions(in);
        byte[] settings = bytes(in, in.getInt());
        accounts.put(
                address,
                Account.of(
                        settings.length == 0
                                ? AccountSettings.initial(address)
                                : AccountSettings.of(event(AccountConfigured.class, settings)),
                        positions));
    }

    private static void skipAccount(ByteBuffer in) {
        for (int positions = in.getInt(); positions > 0; positions--) {
            skip(in, in.getShort() + 2 * AMOUNT_BYTES);
        }
        skip(in, in.getInt());
    }

    private void readHold(ByteBuffer in) {
        UUID id = new UUID(in.getLong(), in.getLong());
        byte[] placed = bytes(in, in.getInt());
        put(id, placed.length == 0 ? null : Hold.of(event(HoldPlaced.class, placed)));
    }

    private List<Position> positions(ByteBuffer in) {
        Position[] positions = new Position[in.getInt()];
        for (int i = 0; i < positions.length; i++) {
            String asset = text(in, in.getShort());
            positions[i] = new Position(assets.computeIfAbsent(asset, Asset::new), amount(in), amount(in));
        }
        return List.of(positions);
    }

    private static Amount amount(ByteBuffer in) {
        return new Amount(in.getLong(), in.getLong());
    }

    private static String text(ByteBuffer in, int length) {
        String text = new String(in.array(), in.position(), length, UTF_8);
        skip(in, length);
        return text;
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static void skip(ByteBuffer in, int length) {
        in.position(in.position() + length);
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
