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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/**
 * {@code daybook events tail}. It goes by the order in which the audit gets what it has, so what comes late is not behind what
 * was shown. What has come just now is looked at several times: some of it may not be seen at first.
 */
@Command(
        name = "tail",
        description = {
            "Show the newest events, and then each one as it comes, until Ctrl-C.",
            "Everything that comes into the audit is shown once, however late it comes, and the events of a ledger in"
                    + " their order."
        })
final class TailCommand implements Callable<Integer> {

    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** Far longer than the audit gives a row again. */
    private static final Duration MEMORY = Duration.ofMinutes(2);

    /** How long an event waits for the one before it in its ledger, which may not be among those that are asked for. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Comparator<Waiting> OLDEST_FIRST = Comparator.<Waiting, Instant>comparing(
                    waiting -> time(waiting.row()))
            .thenComparing(waiting -> sequence(waiting.row()));

    private record Waiting(JsonNode row, long sinceNanos) {}

    @Spec
    private CommandSpec spec;

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

    /** When each row was last given, by its key. */
    private final Map<String, Long> seenNanos = new HashMap<>();

    /** How far each ledger has been seen. */
    private final Map<String, Long> reached = new HashMap<>();

    private final List<Waiting> waiting = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        if (last < 0) {
            throw new ParameterException(spec.commandLine(), "--last " + last + ": it must be 0 or more.");
        }
        Map<String, String> parameters = filters.asParameters(null);
        try (DaybookClient client = events.connect()) {
            Audit audit = new Audit(client);
            Listing.Lines lines = listing.begin();
            // What is there already is not what comes. Whatever comes after this is shown, if it is not among the
            // newest.
            String cursor = audit.arrivals(parameters, Audit.ARRIVALS, page -> page.forEach(this::see));
            List<JsonNode> newest = new ArrayList<>();
            audit.search(parameters, filters::matches, last, newest::add);
            newest.forEach(this::see);
            newest.reversed().forEach(lines::add);
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(INTERVAL);
                cursor = audit.arrivals(parameters, cursor, page -> take(page, lines));
                show(lines);
                forget();
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private void take(JsonNode page, Listing.Lines lines) {
        for (JsonNode row : page) {
            if (isNew(row) && filters.matches(row)) {
                waiting.add(new Waiting(row, System.nanoTime()));
            }
        }
        show(lines);
    }

    private boolean isNew(JsonNode row) {
        return seenNanos.put(Audit.key(row), System.nanoTime()) == null;
    }

    private void see(JsonNode row) {
        if (isNew(row)) {
            reach(row);
        }
    }

    private void reach(JsonNode row) {
        if (row.path("sequence").isNumber()) {
            reached.merge(ledger(row), sequence(row), Math::max);
        }
    }

    /** Shows those that wait for nothing, and those that have waited long enough. */
    private void show(Listing.Lines lines) {
        waiting.sort(OLDEST_FIRST);
        waiting.removeIf(next -> {
            boolean isNext = sequence(next.row()) <= reached.getOrDefault(ledger(next.row()), 0L) + 1;
            if (!isNext && System.nanoTime() - next.sinceNanos() < PATIENCE.toNanos()) {
                return false;
            }
            lines.add(next.row());
            reach(next.row());
            return true;
        });
    }

    private void forget() {
        long forgotten = System.nanoTime() - MEMORY.toNanos();
        seenNanos.values().removeIf(nanos -> nanos - forgotten < 0);
    }

    private static Instant time(JsonNode row) {
        return Instant.parse(row.path("timestamp").asString());
    }

    private static String ledger(JsonNode row) {
        return row.path("ledger").asString("");
    }

    /** A request has no place in the order of its ledger. */
    private static long sequence(JsonNode row) {
        return row.path("sequence").asLong(0);
    }
}
