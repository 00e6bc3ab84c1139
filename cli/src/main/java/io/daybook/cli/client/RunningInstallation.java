package io.daybook.cli.client;

import io.daybook.cli.terminal.CommandFailed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where an installation of this machine is reached, as the file in its data folder says that {@code up} writes. */
record RunningInstallation(URI base, Path tokenFile) {

    private static final String FILE_NAME = "installation.json";
    private static final String DEFAULT_FOLDER = ".daybook";
    private static final String DEFAULT_TOKEN_FILE = "token";

    /**
     * @param data the data folder, or null for the project's own
     * @throws CommandFailed if no installation runs there
     */
    static RunningInstallation in(@Nullable Path data) {
        Path folder = data == null ? Path.of(System.getProperty("daybook.home", ""), DEFAULT_FOLDER) : data;
        Path file = folder.toAbsolutePath().normalize().resolve(FILE_NAME);
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
            int port = json.path("httpPort").asInt(0);
            if (port == 0) {
                throw new CommandFailed("The file " + file
                        + " names no httpPort.\nBring the installation up again: './daybook up --data " + folder
                        + "'.");
            }
            Path tokenFile = file.resolveSibling(json.path("tokenFile").asString(DEFAULT_TOKEN_FILE));
            return new RunningInstallation(URI.create("http://127.0.0.1:" + port), tokenFile);
        } catch (IOException | JacksonException e) {
            throw new CommandFailed(
                    "No Daybook runs in " + file.getParent() + " (" + FILE_NAME + " cannot be read there).\n"
                            + "Start one with './daybook up', or name another with --data or --url.",
                    e);
        }
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
