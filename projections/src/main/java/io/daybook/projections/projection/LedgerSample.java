package io.daybook.projections.projection;

import io.daybook.events.LedgerId;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import java.math.BigInteger;
import java.util.Map;

/**
 * Some of a ledger as the write side's own events make it.
 *
 * @param sequence after which event it is so
 * @param accounts all that some accounts have
 * @param hashes those of some events, by sequence
 */
public record LedgerSample(
        LedgerId ledger, long sequence, Map<BalanceKey, Position> accounts, Map<Long, String> hashes) {

    /**
     * What an account has of an asset.
     *
     * @param held set aside by holds
     */
    public record Position(Turnover turnover, BigInteger held) {

        @Override
        public String toString() {
            return turnover.input() + " − " + turnover.output() + ", held " + held;
        }
    }
}
