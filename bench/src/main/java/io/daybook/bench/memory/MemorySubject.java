package io.daybook.bench.memory;

import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.function.IntFunction;

/** Fills the heap with the balances of accounts, and weighs it. */
final class MemorySubject implements Subject {

    /**
     * The serial collector leaves dead objects where they are, and counts them, up to a twentieth of the old generation; but
     * not in one of four collections ({@code MarkSweepAlwaysCompactCount}).
     */
    private static final int COLLECTIONS = 4;

    /** Balances of accounts in memory. */
    interface Balances {

        /**
         * @throws AssertionError if they are not those of so many accounts
         */
        void verify(int accounts);
    }

    private final String name;
    private final int accounts;
    private final IntFunction<Balances> filling;

    /**
     * @param filling makes the balances of so many accounts
     */
    MemorySubject(String name, int accounts, IntFunction<Balances> filling) {
        this.name = name;
        this.accounts = accounts;
        this.filling = filling;
    }

    @Override
    public String name() {
        return name;
    }

    /** However long it takes: a round is all accounts. */
    @Override
    public Measured run(Duration duration) {
        long start = System.nanoTime();
        Balances[] balances = {filling.apply(accounts)};
        balances[0].verify(accounts);
        long with = live();
        Reference.reachabilityFence(balances[0]);
        balances[0] = null;
        // Not by what was live before: much else may have been given up while it was filled.
        long bytes = with - live();
        return new Measured(bytes, System.nanoTime() - start, Measured.histogram());
    }

    /** What is left of the heap's contents by a collection; references that it clears free more in the next. */
    private static long live() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Each round has verified its own. */
    @Override
    public void verify() {}

    @Override
    public void close() {}
}
