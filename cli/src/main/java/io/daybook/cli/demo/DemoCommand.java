package io.daybook.cli.demo;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.RequestFailed;
import io.daybook.cli.client.ServerOptions;
import io.daybook.cli.terminal.CommandFailed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * {@code daybook demo}: {@code up}, then the sample's way through every part. It hands what it does not know itself to
 * {@code up}, so it has all of its flags. What it brought up it takes down when it is ended, unless it is detached; what
 * ran before goes on running.
 */
@Command(
        name = "demo",
        description = {
            "Bring Daybook up, import a real bank's year, and show the books.",
            "Takes all options of 'up'. Without --detach, Daybook runs until this command is ended."
        })
public final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--detach", description = "End when the books are shown, and let Daybook run on.")
    private boolean detach;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The installation's data folder. Default: .daybook in the project's folder.")
    private @Nullable Path data;

    @Unmatched
    private List<String> optionsOfUp = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        boolean ranBefore = isRunning();
        if (!ranBefore) {
            bringUp();
        }
        PrintWriter out = spec.commandLine().getOut();
        try (DaybookClient client = ServerOptions.connectTo(data)) {
            new Demonstration(client, sample(), out).run();
        }
        if (!ranBefore && !detach) {
            out.println();
            out.println("Daybook runs until you press Ctrl-C.");
            out.flush();
            new CountDownLatch(1).await();
        }
        return CommandLine.ExitCode.OK;
    }

    private boolean isRunning() {
        try (DaybookClient client = ServerOptions.connectTo(data)) {
            client.get("/v1/projections");
            return true;
        } catch (RequestFailed e) {
            return e.status() != RequestFailed.NO_ANSWER;
        } catch (CommandFailed e) {
            return false;
        }
    }

    private void bringUp() {
        List<String> up = new ArrayList<>(List.of("--detach"));
        up.addAll(dataOption());
        up.addAll(optionsOfUp);
        if (run("up", up) != CommandLine.ExitCode.OK) {
            throw new CommandFailed(
                    "The demo needs Daybook to be up, and bringing it up failed; what is told above says why.");
        }
        if (!detach) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> run("down", dataOption()), "daybook-down"));
        }
    }

    private List<String> dataOption() {
        return data == null ? List.of() : List.of("--data", data.toString());
    }

    private int run(String command, List<String> arguments) {
        return spec.root().commandLine().getSubcommands().get(command).execute(arguments.toArray(String[]::new));
    }

    private static Path sample() {
        return Path.of(System.getProperty("daybook.home", ""), "samples", "berka-1993.csv.gz");
    }
}
