package io.daybook.cli.events;

import io.daybook.cli.client.DaybookClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/**
 * {@code daybook events tail}. What the audit gets late comes late, but comes: each look goes back a while, as far as there is
 * something new.
 */
@Command(
        name = "tail",
        description = {
            "Show the newest events, and then each one as it comes, until Ctrl-C.",
            "An event that the audit gets more than a minute after later ones is not shown."
        })
final class TailCommand implements Callable<Integer> {

    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration LOOK_BACK = Duration.ofMinutes(1);

    @ParentCommand
    private EventsCommand events;

    @Mixin
    private Filters filters;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "10",
            description = "Begin with so many that are there already. Default: ${DEFAULT-VALUE}.")
    private int last;

    @Mixin
    private Listing listing;

    /** What has been shown or was there before, with its time. */
    private final Map<String, Instant> seen = new HashMap<>();

    private Instant newest = Instant.EPOCH;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> parameters = filters.asParameters();
        try (DaybookClient client = events.connect()) {
            Audit audit = new Audit(client);
            Listing.Lines lines = listing.begin();
            newRows(audit, parameters, Math.max(last, Audit.PAGE)).stream()
                    .sorted(Comparator.comparing(TailCommand::time))
                    .skip(Math.max(0, seen.size() - last))
                    .forEach(lines::add);
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(INTERVAL);
                parameters.put("from", newest.minus(LOOK_BACK).toString());
                newRows(audit, parameters, Long.MAX_VALUE).forEach(lines::add);
                seen.values().removeIf(time -> time.isBefore(newest.minus(LOOK_BACK)));
            }
        }
        return CommandLine.ExitCode.OK;
    }

    /** What was not seen before, the oldest first. A page of nothing new ends the look. */
    private List<JsonNode> newRows(Audit audit, Map<String, String> parameters, long most) {
        List<JsonNode> rows = new ArrayList<>();
        audit.search(parameters, most, page -> {
            int before = rows.size();
            for (JsonNode row : page) {
                if (seen.putIfAbsent(row.path("id").asString(), time(row)) == null) {
                    rows.add(row);
                    newest = newest.isBefore(time(row)) ? time(row) : newest;
                }
            }
            return rows.size() > before;
        });
        return rows.reversed();
    }

    private static Instant time(JsonNode row) {
        return Instant.parse(row.path("timestamp").asString());
    }
}
