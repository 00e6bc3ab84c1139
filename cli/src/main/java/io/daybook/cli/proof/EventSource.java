package io.daybook.cli.proof;

import io.daybook.cli.proof.Chains.Finding;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import io.daybook.events.StoredEvent;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that has the events of ledgers, all as they were at one moment: the event store, and whatever has copies. */
interface EventSource extends AutoCloseable {

    /** What people call it, to be put after "in". */
    String title();

    /** Whether an event may come again, after others of its ledger. */
    default boolean mayRepeat() {
        return false;
    }

    /**
     * How many events {@link #forEach} has to read.
     *
     * @param ledger null for all
     */
    long count(@Nullable LedgerId ledger);

    /**
     * Gives the events of one ledger, or of all for null; those of a ledger in their order.
     *
     * @param strange takes what is there and is no event, and what does not belong to the events it is beside
     * @throws CommandFailed if they cannot be read
     */
    void forEach(@Nullable LedgerId ledger, Consumer<StoredEvent> consumer, Consumer<Finding> strange);

    /** The last event that it says itself to have of each ledger, or of one; null if it says nothing of the kind. */
    default @Nullable Map<String, Long> positions(@Nullable LedgerId ledger) {
        return null;
    }

    /**
     * How many commands it remembers that led to no event.
     *
     * @param ledger null for all
     * @param strange takes what cannot be remembered so
     */
    default long remembered(@Nullable LedgerId ledger, Consumer<Finding> strange) {
        return 0;
    }

    @Override
    void close();

    /** That a source cannot be reached, with what to do about it. */
    static CommandFailed unreachable(String title, String address, Exception cause) {
        return new CommandFailed(
                "The events in " + title + " cannot be reached at " + address + ": " + cause.getMessage()
                        + ".\n'./daybook status' tells whether it runs; --against leaves it out.",
                cause);
    }
}
