package io.daybook.cli.export;

import io.daybook.cli.client.Answer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.LedgerId;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/** A ledger's events in order, from the first to the last that is visible, read a page at a time. */
final class EventPages {

    /** Events in a request. The contract's most. */
    static final int PAGE_SIZE = 1_000;

    private final DaybookClient client;
    private final LedgerId ledger;

    EventPages(DaybookClient client, LedgerId ledger) {
        this.client = client;
        this.ledger = ledger;
    }

    /** Takes one event as the API gives it. */
    @FunctionalInterface
    interface EventConsumer {
        void accept(JsonNode event) throws IOException;
    }

    /**
     * Gives every event to the consumer.
     *
     * @return the sequence of the last event
     * @throws CommandFailed if the ledger cannot be read, or it has no event, or one is missing in the middle
     */
    long forEach(EventConsumer consumer) throws IOException {
        Answer page = after(0);
        if (page.body().path("data").isEmpty()) {
            throw new CommandFailed("Ledger " + ledger + " has no events to export: even a new one has the event of its"
                    + " opening.\nCheck its name with GET /v1/ledgers; if it is new, it will be visible in a moment.");
        }
        try (Progress progress =
                Progress.of("Exporting", "events", page.ledgerSequence().orElse(0))) {
            long sequence = 0;
            while (!page.body().path("data").isEmpty()) {
                for (JsonNode event : page.body().path("data")) {
                    long next = event.path("sequence").asLong(0);
                    if (next != sequence + 1) {
                        throw new CommandFailed(
                                "The history of ledger " + ledger + " has a gap: event " + next
                                        + " follows on " + sequence
                                        + ".\nThe export would be wrong and ended there. The read"
                                        + " model lost an event; the event store is not touched by that. See './daybook status'.");
                    }
                    consumer.accept(event);
                    sequence = next;
                }
                progress.reached(sequence);
                page = after(sequence);
            }
            return sequence;
        }
    }

    /** By what repeats of the ledger's commands are known. */
    KeyedCommandPages commands() {
        return new KeyedCommandPages(client, ledger);
    }

    private Answer after(long sequence) {
        return client.get("/v1/ledgers/" + ledger + "/events?after=" + sequence + "&limit=" + PAGE_SIZE);
    }
}
