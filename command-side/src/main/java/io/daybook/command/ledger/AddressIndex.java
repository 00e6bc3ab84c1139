package io.daybook.command.ledger;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.daybook.events.AccountAddress;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Numbers addresses, from 0, in the order in which they come. They are bytes in one array, one behind the other, and are
 * found by a hash table with linear probing: to find one of a million, three places in memory are looked at that are in no
 * cache, where a map of objects looks at five.
 *
 * <p>Addresses are ASCII. All of them together have less than 2^31 bytes, which is more than a hundred million of them.
 */
final class AddressIndex {

    /** For an address that has no number. */
    static final int NONE = -1;

    private static final int FIRST_CAPACITY = 16;
    private static final int FIRST_BYTES = 256;

    /** Some of what an array may have is the JVM's. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    /**
     * Of the hash, which is the polynomial of the characters with it. Nobody outside knows it, so nobody can choose addresses
     * that fall together.
     */
    private final long multiplier;

    /** By slot: the hash in the upper half, and the number plus 1 in the lower; 0 if the slot is empty. */
    private long[] table = new long[2 * FIRST_CAPACITY];

    /** By number: where the address ends in {@link #bytes}; it begins where the one before ends. */
    private int[] ends = new int[FIRST_CAPACITY];

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    /**
     * @param seed some number that is not told to clients
     */
    AddressIndex(long seed) {
        multiplier = seed << 3 | 5; // a power of it does not come back soon, as it is 5 modulo 8
    }

    int size() {
        return size;
    }

    /** The number of an address, or {@link #NONE}. */
    int find(AccountAddress address) {
        String value = address.value();
        int hash = hash(value);
        for (int slot = slot(hash); table[slot] != 0; slot = next(slot)) {
            if ((int) (table[slot] >>> Integer.SIZE) == hash) {
                int number = (int) table[slot] - 1;
                if (is(number, value)) {
                    return number;
                }
            }
        }
        return NONE;
    }

    /** Gives an address that has none the next number. */
    int add(AccountAddress address) {
        if (2 * (size + 1) > table.length) {
            rehash();
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size + (size >> 1));
        }
        String value = address.value();
        int start = start(ends, size);
        int end = Math.addExact(start, value.length());
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(MAX_BYTES, end * 3L / 2)));
        }
        for (int i = 0; i < value.length(); i++) {
            bytes[start + i] = (byte) value.charAt(i);
        }
        ends[size] = end;
        put(hash(value), size);
        return size++;
    }

    /** The addresses by their numbers, as many as there are now. Whoever calls it may be another thread. */
    IntFunction<AccountAddress> addresses() {
        // What is in these arrays by now never changes.
        int[] endsNow = ends;
        byte[] bytesNow = bytes;
        return number -> {
            int start = start(endsNow, number);
            return new AccountAddress(new String(bytesNow, start, endsNow[number] - start, ISO_8859_1));
        };
    }

    private static int start(int[] ends, int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    private boolean is(int number, String value) {
        int start = start(ends, number);
        if (ends[number] - start != value.length()) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (bytes[start + i] != value.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The upper half of 64 bits, as the lower bits of a product depend on few. */
    private int hash(String value) {
        long hash = value.length();
        for (int i = 0; i < value.length(); i++) {
            hash = (hash + value.charAt(i)) * multiplier;
        }
        return (int) (hash >>> Integer.SIZE);
    }

    private int slot(int hash) {
        return hash & table.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & table.length - 1;
    }

    private void put(int hash, int number) {
        int slot = slot(hash);
        while (table[slot] != 0) {
            slot = next(slot);
        }
        table[slot] = (long) hash << Integer.SIZE | number + 1;
    }

    private void rehash() {
        long[] before = table;
        table = new long[2 * before.length];
        for (long entry : before) {
            if (entry != 0) {
                put((int) (entry >>> Integer.SIZE), (int) entry - 1);
            }
        }
    }
}
