package io.daybook.cli.events;

import io.daybook.cli.client.DaybookClient;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code daybook events search}. */
@Command(
        name = "search",
        description = {
            "Find events by words, accounts, ids and references; the newest first.",
            "Exit status: 0, also if nothing is found; that is told on standard error."
        })
final class SearchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private EventsCommand events;

    @Parameters(
            paramLabel = "TEXT",
            arity = "0..1",
            description =
                    "Words that must all be there; \"phrases\", AND, OR, NOT, prefix*, (groups). Default: everything.")
    private @Nullable String text;

    @Mixin
    private Filters filters;

    @Option(names = "--from", paramLabel = "TIME", description = "At or after this time, such as 2026-01-31T09:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Before this time.")
    private @Nullable String to;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private long limit;

    @Mixin
    private Listing listing;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit " + limit + ": it must be 1 or more.");
        }
        Map<String, String> parameters = filters.asParameters(text);
        put(parameters, "from", from);
        put(parameters, "to", to);
        try (DaybookClient client = events.connect()) {
            Listing.Lines lines = listing.begin();
            if (new Audit(client).search(parameters, filters::matches, limit, lines::add) == 0) {
                spec.commandLine()
                        .getErr()
                        .println(
                                "Nothing was found. What was recorded is found a second or two later; './daybook projections'"
                                        + " tells whether the audit is behind.");
                spec.commandLine().getErr().flush();
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
