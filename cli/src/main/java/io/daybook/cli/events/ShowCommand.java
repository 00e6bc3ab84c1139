package io.daybook.cli.events;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.terminal.CommandFailed;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code daybook events show}. */
@Command(
        name = "show",
        description = "Tell all that is known of an event, a transaction, a request or a trace: the requests, and the"
                + " events that came of them, the oldest first.")
final class ShowCommand implements Callable<Integer> {

    private static final int MOST = 100;
    private static final int MOST_REQUESTS = 20;
    private static final Pattern IN_LEDGER = Pattern.compile("([a-z][a-z0-9-]{0,62})/([1-9][0-9]{0,17})");

    /** What is told of a row, by its name there. */
    private static final Map<String, String> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("time", "timestamp");
        FIELDS.put("ledger", "ledger");
        FIELDS.put("sequence", "sequence");
        FIELDS.put("id", "id");
        FIELDS.put("actor", "actor");
        FIELDS.put("request", "requestId");
        FIELDS.put("trace", "traceId");
    }

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private EventsCommand events;

    @Parameters(paramLabel = "ID", description = "The id of any of these, or a ledger and a sequence, such as acme/2.")
    private String id;

    @Mixin
    private Listing listing;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (DaybookClient client = events.connect()) {
            List<JsonNode> rows = rows(client);
            if (rows.isEmpty()) {
                throw new CommandFailed("The audit knows nothing of '" + id + "'.\n"
                        + "It is a second or two behind; './daybook events search' finds by other words.");
            }
            for (JsonNode row : rows) {
                if (listing.isNdjson()) {
                    Listing.ndjson(row, out);
                } else {
                    print(row, out);
                }
            }
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }

    private List<JsonNode> rows(DaybookClient client) {
        Matcher inLedger = IN_LEDGER.matcher(id);
        Audit audit = new Audit(client);
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        Set<String> requests = new LinkedHashSet<>();
        String known = id;
        Predicate<JsonNode> isWanted = row -> true;
        if (inLedger.matches()) {
            // Another ledger's event may have the same id.
            String ledger = inLedger.group(1);
            known = idOf(client, ledger, Long.parseLong(inLedger.group(2)));
            isWanted = row -> ledger.equals(row.path("ledger").asString(""));
        }
        for (JsonNode row : find(audit, known, isWanted)) {
            rows.put(Audit.key(row), row);
            requests.add(row.path("requestId").asString(known));
        }
        requests.remove(known);
        requests.stream().limit(MOST_REQUESTS).forEach(request -> find(audit, request, row -> true)
                .forEach(row -> rows.put(Audit.key(row), row)));
        return rows.values().stream()
                .sorted(Comparator.comparing(
                        row -> Instant.parse(row.path("timestamp").asString())))
                .toList();
    }

    private static List<JsonNode> find(Audit audit, String exactly, Predicate<JsonNode> isWanted) {
        List<JsonNode> rows = new ArrayList<>();
        audit.search(Map.of("q", Audit.phrase(exactly)), isWanted, MOST, rows::add);
        return rows;
    }

    private static String idOf(DaybookClient client, String ledger, long sequence) {
        JsonNode event = client.get("/v1/ledgers/" + ledger + "/events?limit=1&after=" + (sequence - 1))
                .body()
                .at("/data/0");
        if (event.path("sequence").asLong(0) != sequence) {
            throw new CommandFailed("Ledger " + ledger + " has no event " + sequence + ".\n"
                    + "'./daybook events search --ledger " + ledger + "' lists its newest.");
        }
        return event.path("id").asString();
    }

    private static void print(JsonNode row, PrintWriter out) {
        out.println(row.path("kind").asString("") + " " + row.path("type").asString(""));
        FIELDS.forEach((title, field) -> {
            JsonNode value = row.path(field);
            if (!value.isNull() && !value.isMissingNode()) {
                out.printf(Locale.ROOT, "  %-9s %s%n", title, EventTable.printable(value.asString()));
            }
        });
        out.println("  " + EventTable.printable(row.path("message").asString("")));
        row.path("data").toPrettyString().lines().forEach(line -> out.println("  " + line));
        out.println();
    }
}
