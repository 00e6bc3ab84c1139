package io.daybook.cli.events;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.ServerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code daybook events}. */
@Command(
        name = "events",
        description = {
            "Look at what happened in the ledgers, and at the requests that led to it.",
            "It is read from the audit, which follows within a second or two."
        },
        subcommands = {TailCommand.class, SearchCommand.class, ShowCommand.class})
public final class EventsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    DaybookClient connect() {
        return server.connect();
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "What of the events? 'tail' follows, 'search' finds, 'show' tells all of one.");
    }
}
