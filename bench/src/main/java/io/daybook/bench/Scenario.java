package io.daybook.bench;

import java.util.SplittableRandom;

/**
 * What is measured.
 *
 * @param ledgers over how many ledgers the transfers are spread
 * @param inFlight how many commands wait for their answers at a time
 * @param accounts how many accounts each ledger has, at least 2
 */
record Scenario(Flow flow, int ledgers, int inFlight, int accounts) {

    /** What each account has at the beginning where funds are checked: no run spends it all. */
    static final long OPENING_BALANCE = 1_000_000_000;

    /** How the scenario is called on the command line: {@code world_to_bank/64/1024}. */
    String name() {
        return flow.label() + "/" + ledgers + "/" + inFlight;
    }

    int ledger(SplittableRandom random) {
        return ledgers == 1 ? 0 : random.nextInt(ledgers);
    }

    static String account(int index) {
        return switch (index) {
            case Flow.WORLD -> "world";
            case Flow.BANK -> "bank";
            default -> "users:" + index;
        };
    }
}
