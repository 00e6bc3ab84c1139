package io.daybook.cli.export;

import io.daybook.cli.client.DaybookClient;
import io.daybook.events.LedgerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** By what repeats of a ledger's commands are known, in the order of its events, read a page at a time. */
final class KeyedCommandPages {

    private final DaybookClient client;
    private final String list;
    private final Queue<JsonNode> read = new ArrayDeque<>();
    private @Nullable String next;
    private boolean begun;

    KeyedCommandPages(DaybookClient client, LedgerId ledger) {
        this.client = client;
        this.list = "/v1/ledgers/" + ledger + "/keyed-commands?limit=" + EventPages.PAGE_SIZE;
    }

    /**
     * Those up to a sequence that were not given yet: of each sequence the event's first, if that had a key.
     *
     * @throws io.daybook.cli.terminal.CommandFailed if they cannot be read
     */
    List<JsonNode> upTo(long sequence) {
        List<JsonNode> commands = new ArrayList<>();
        while (true) {
            while (read.isEmpty() && (!begun || next != null)) {
                readOn();
            }
            if (read.isEmpty() || read.element().path("sequence").asLong() > sequence) {
                return commands;
            }
            commands.add(read.remove());
        }
    }

    private void readOn() {
        JsonNode page =
                client.get(next == null ? list : list + "&cursor=" + next).body();
        page.path("data").forEach(read::add);
        next = page.path("next").asString(null);
        begun = true;
    }
}
