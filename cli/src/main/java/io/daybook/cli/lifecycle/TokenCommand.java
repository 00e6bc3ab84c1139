package io.daybook.cli.lifecycle;

import io.daybook.installation.Token;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code daybook token}. */
@Command(
        name = "token",
        description = {
            "Print a bearer token for the installation.",
            "Until authentication exists, the servers accept any token."
        })
public final class TokenCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Override
    public void run() {
        spec.commandLine().getOut().println(Token.of(data.folder()));
    }
}
