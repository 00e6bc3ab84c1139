package io.daybook.bench.transfers;

import java.util.Locale;
import java.util.SplittableRandom;

/** Where the money goes. The names are those of Formance's benchmark, where it has such a flow. */
public enum Flow {

    /** From the world to any of the accounts. */
    WORLD_TO_ANY("From the world to any account"),

    /** From the world to one account: all transfers meet at a hot account. */
    WORLD_TO_BANK("From the world to one account, which is hot"),

    /** From any account to any other; the source must have the funds. */
    ANY_BOUNDED_TO_ANY("From any account to any other, if it has the funds"),

    /** From any account to one account; the source must have the funds, the destination is hot. */
    ANY_TO_BANK("From any account, if it has the funds, to one, which is hot");

    /** The account that everybody may take from. */
    public static final int WORLD = -1;

    /** The hot account. */
    public static final int BANK = -2;

    private final String words;

    Flow(String words) {
        this.words = words;
    }

    /** What is done, to begin a description with. */
    public String words() {
        return words;
    }

    /**
     * One transfer.
     *
     * @param source index of an account, or {@link #WORLD}
     * @param destination index of another account, or {@link #BANK}
     */
    public record Transfer(int source, int destination) {}

    /** Whether sources must have funds before transfers can be made. */
    public boolean isBounded() {
        return this == ANY_BOUNDED_TO_ANY || this == ANY_TO_BANK;
    }

    /**
     * @param accounts how many there are, at least 2
     */
    public Transfer next(SplittableRandom random, int accounts) {
        int any = random.nextInt(accounts);
        return switch (this) {
            case WORLD_TO_ANY -> new Transfer(WORLD, any);
            case WORLD_TO_BANK -> new Transfer(WORLD, BANK);
            case ANY_BOUNDED_TO_ANY -> new Transfer(any, (any + 1 + random.nextInt(accounts - 1)) % accounts);
            case ANY_TO_BANK -> new Transfer(any, BANK);
        };
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
