package io.daybook.cli.lifecycle;

import io.daybook.cli.terminal.CommandFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How the sides run as processes of their own behind a gateway. */
final class ApartOptions {

    private static final int MOST_NODES = 16;

    @Option(
            names = "--apart",
            required = true,
            description = {
                "Run each side as a process of its own behind an NGINX, as on several machines.",
                "NGINX has to be installed."
            })
    private boolean apart;

    @Option(
            names = "--command-nodes",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --apart: how many nodes of the command side. Default: ${DEFAULT-VALUE}.")
    private int commandNodes;

    @Option(
            names = "--projection-nodes",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --apart: how many nodes of the projections. Default: ${DEFAULT-VALUE}.")
    private int projectionNodes;

    @Option(
            names = "--query-nodes",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --apart: how many nodes of the query side. Default: ${DEFAULT-VALUE}.")
    private int queryNodes;

    /**
     * As the application is told.
     *
     * @param command that has these options
     * @throws CommandFailed if there is no NGINX on this machine
     */
    String asArgument(CommandLine command) {
        Stream.of(commandNodes, projectionNodes, queryNodes)
                .filter(nodes -> nodes < 1 || nodes > MOST_NODES)
                .findAny()
                .ifPresent(nodes -> {
                    throw new ParameterException(
                            command, "of each side there are 1 to " + MOST_NODES + " nodes on a machine, not " + nodes);
                });
        // Of whoever is not root, programs of the system are not on the path.
        requireNginx(System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin");
        return "--apart=" + commandNodes + "," + projectionNodes + "," + queryNodes;
    }

    /**
     * @param path the folders in which it may be, with colons between them
     */
    static void requireNginx(String path) {
        if (Pattern.compile(":")
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, "nginx")))) {
            throw new CommandFailed("With --apart the sides are behind an NGINX, and there is none on this machine.\n"
                    + "Install it, for example with 'apt-get install nginx libnginx-mod-stream' on Debian or Ubuntu,"
                    + " or start without --apart.");
        }
    }
}
