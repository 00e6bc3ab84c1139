package io.daybook.projections.projection;

import io.daybook.events.LedgerId;
import java.util.List;
import java.util.Map;

/** The accounts that ledgers have, by their names. */
public interface LedgerAccounts {

    /** So many names of a ledger are given at a time. */
    int PAGE = 1_000;

    /**
     * The names that follow one, in their order, of accounts that are there after an event; at most {@value #PAGE} of each
     * ledger.
     *
     * @param after by ledger; empty for the first names
     * @return without the ledgers that have not come so far
     */
    Map<LedgerId, List<String>> following(Map<LedgerId, Place> after);

    /** Whether none is missing, as far as the books themselves can tell. */
    boolean areComplete(LedgerId ledger);

    /**
     * Where to go on in a ledger.
     *
     * @param account the last name that was given
     * @param sequence of the event
     */
    record Place(String account, long sequence) {}
}
