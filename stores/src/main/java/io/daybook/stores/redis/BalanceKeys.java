package io.daybook.stores.redis;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a generation of the balances. The ledger is in braces, so that one slot of a cluster has all of it. Beside those of
 * its accounts, see {@link AccountFields}, a ledger has a few that tell how far it is.
 *
 * @param before what they begin with
 * @param position what the key of a ledger's position ends with
 */
public record BalanceKeys(String before, String position) {

    /** Has the number of the generation that queries are answered from, see {@link #liveGeneration}. */
    public static final String LIVE_GENERATION = "daybook:generation";

    /** The generation that there is from the start. */
    public static final int FIRST_GENERATION = 1;

    private static final String PREFIX = "daybook:";
    private static final String POSITION = "sequence";
    private static final String POSITION_ANEW = "sequence-anew";
    private static final String WRITER = "}:writer";
    private static final String COUNT = "}:accounts";
    private static final String ACCOUNT = "}:account:";
    private static final String NOTICES = "}:notices";

    /** Those of a generation. */
    public static BalanceKeys of(int generation) {
        return new BalanceKeys(generation == FIRST_GENERATION ? PREFIX : PREFIX + generation + ":", POSITION);
    }

    /**
     * The generation that queries are answered from.
     *
     * @param stored what there is at {@link #LIVE_GENERATION}; null if there is no such key
     * @throws NumberFormatException if it is no number
     */
    public static int liveGeneration(@Nullable String stored) {
        return stored == null ? FIRST_GENERATION : Integer.parseInt(stored);
    }

    /** The same, but nobody finds the position: who asks for one of the accounts goes to the books. */
    public BalanceKeys anew() {
        return new BalanceKeys(before, POSITION_ANEW);
    }

    /** Has the sequence of the last event that is posted; there is none before the first. */
    public String position(LedgerId ledger) {
        return before + "{" + ledger + "}:" + position;
    }

    /** What the keys of all positions match. */
    public String positions() {
        return before + "{*}:" + position;
    }

    /** Has who posted the last event. */
    public String writer(LedgerId ledger) {
        return before + "{" + ledger + WRITER;
    }

    /** Has how many accounts of the ledger were made; there is none in a generation of a format that does not count them. */
    public String count(LedgerId ledger) {
        return before + "{" + ledger + COUNT;
    }

    /** The key of an account, by its address. */
    public String account(LedgerId ledger, String account) {
        return before + "{" + ledger + ACCOUNT + account;
    }

    public String account(LedgerId ledger, AccountAddress account) {
        return account(ledger, account.value());
    }

    /** What the keys of all accounts of a ledger match. */
    public String accounts(LedgerId ledger) {
        return account(ledger, "*");
    }

    /** What all keys of a ledger in this generation match. */
    public String all(LedgerId ledger) {
        return before + "{" + ledger + "}:*";
    }

    /** What all keys of this generation, and none of another, match. */
    public String all() {
        return before + "{*}:*";
    }

    /** The channel on which is told how far a ledger has come. */
    public static String notices(LedgerId ledger) {
        return PREFIX + "{" + ledger + NOTICES;
    }

    /** What the channels of all ledgers match. */
    public static String notices() {
        return PREFIX + "{*" + NOTICES;
    }

    /**
     * The ledger that a key or a channel is of.
     *
     * @throws IllegalArgumentException if it is of none
     */
    public static LedgerId ledger(String name) {
        int begin = name.indexOf('{');
        int end = name.indexOf('}');
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("'" + name + "' is not of a ledger, whose name would be in braces");
        }
        return new LedgerId(name.substring(begin + 1, end));
    }

    /** Whether a key is that of an account. */
    public static boolean isAccount(String key) {
        return key.contains(ACCOUNT);
    }

    /** Whether a key tells of how it was written, who did or how many accounts were made, and not of what a ledger has. */
    public static boolean isOfWriting(String key) {
        return key.endsWith(WRITER) || key.endsWith(COUNT);
    }
}
