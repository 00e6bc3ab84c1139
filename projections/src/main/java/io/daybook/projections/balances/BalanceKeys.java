package io.daybook.projections.balances;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;

/**
 * The names of a generation's keys. The ledger is in braces, so that one slot of a cluster has all of it.
 *
 * @param before what they begin with
 */
record BalanceKeys(String before) {

    /** Has the number of the generation that queries are answered from; it is 1 if there is no such key. */
    static final String LIVE_GENERATION = "daybook:generation";

    /** Ends the keys that tell who posted a ledger's last event. */
    static final String WRITER = "}:writer";

    private static final String PREFIX = "daybook:";

    static BalanceKeys of(int generation) {
        return new BalanceKeys(generation == 1 ? PREFIX : PREFIX + generation + ":");
    }

    String position(LedgerId ledger) {
        return before + "{" + ledger + "}:sequence";
    }

    /** Has who posted the last event. */
    String writer(LedgerId ledger) {
        return before + "{" + ledger + WRITER;
    }

    String account(LedgerId ledger, AccountAddress account) {
        return before + "{" + ledger + "}:account:" + account;
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
