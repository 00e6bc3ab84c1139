package io.daybook.projections.balances;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;

/**
 * The names of a generation's keys. The ledger is in braces, so that one slot of a cluster has all of it.
 *
 * @param before what they begin with
 * @param position what the key of a ledger's position ends with
 */
record BalanceKeys(String before, String position) {

    /** Has the number of the generation that queries are answered from; it is 1 if there is no such key. */
    static final String LIVE_GENERATION = "daybook:generation";

    /** Ends the keys that tell who posted a ledger's last event. */
    static final String WRITER = "}:writer";

    /** Ends the keys that tell how many accounts a ledger has keys of. */
    static final String COUNT = "}:accounts";

    private static final String PREFIX = "daybook:";
    private static final String POSITION = "sequence";
    private static final String POSITION_ANEW = "sequence-anew";

    static BalanceKeys of(int generation) {
        return new BalanceKeys(generation == 1 ? PREFIX : PREFIX + generation + ":", POSITION);
    }

    /** The same, but nobody finds the position: who asks for one of the accounts goes to the books. */
    BalanceKeys anew() {
        return new BalanceKeys(before, POSITION_ANEW);
    }

    String position(LedgerId ledger) {
        return before + "{" + ledger + "}:" + position;
    }

    /** Has who posted the last event. */
    String writer(LedgerId ledger) {
        return before + "{" + ledger + WRITER;
    }

    /** Has how many accounts of the ledger were made; there is none in a generation of a format that does not count them. */
    String count(LedgerId ledger) {
        return before + "{" + ledger + COUNT;
    }

    /** The key of an account, by its address. */
    String account(LedgerId ledger, String account) {
        return before + "{" + ledger + "}:account:" + account;
    }

    String account(LedgerId ledger, AccountAddress account) {
        return account(ledger, account.value());
    }

    /** What the keys of all accounts of a ledger match. */
    String accounts(LedgerId ledger) {
        return before + "{" + ledger + "}:account:*";
    }

    /** What the keys of all positions match. */
    String positions() {
        return before + "{*}:" + position;
    }

    /** The ledger that a key is of. */
    static LedgerId ledger(String key) {
        return new LedgerId(key.substring(key.indexOf('{') + 1, key.indexOf('}')));
    }

    /** What all keys of this generation, and none of another, match. */
    String pattern() {
        return before + "{*}:*";
    }

    /** The channel on which is told how far a ledger has come. */
    static String notices(LedgerId ledger) {
        return PREFIX + "{" + ledger + "}:notices";
    }
}
