package io.daybook.cli.client;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Installation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where an installation of this machine is reached. */
record RunningInstallation(URI base, Path tokenFile) {

    private static final String TOKEN_FILE = "token";

    /**
     * @param data the data folder, or null for the project's own
     * @throws CommandFailed if no installation runs there
     */
    static RunningInstallation in(@Nullable Path data) {
        Path folder = Installation.folder(data);
        Installation installation = Installation.read(folder)
                .filter(Installation::isAlive)
                .orElseThrow(() -> new CommandFailed("No Daybook runs in " + folder + ".\n"
                        + "Start one with './daybook up', or name another with --data or --url."));
        return new RunningInstallation(
                URI.create("http://127.0.0.1:" + installation.httpPort()), folder.resolve(TOKEN_FILE));
    }

    /** The token of the installation's own command line; the fallback if it has none yet. */
    String token(String fallback) {
        try {
            return Files.exists(tokenFile) ? Files.readString(tokenFile).strip() : fallback;
        } catch (IOException e) {
            throw new CommandFailed(
                    "The token in " + tokenFile + " cannot be read: " + e
                            + ".\nIt belongs to whoever brought Daybook up; be that user, or give DAYBOOK_TOKEN and --url.",
                    e);
        }
    }
}
