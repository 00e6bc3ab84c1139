package io.daybook.cli.lifecycle;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.ServerOptions;
import io.daybook.cli.projections.DueRebuild;
import io.daybook.cli.projections.ProjectionsCommand;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Installation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code daybook status}. */
@Command(
        name = "status",
        description = {
            "Tell how the installation is: its parts, ports, processes, and how far the projections are behind.",
            "Exit status: 0 if every part runs and no ledger is parked or known to be incomplete, else 1."
        })
public final class StatusCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "As a JSON document, for programs.")
    private boolean json;

    @Override
    public Integer call() {
        Path folder = data.folder();
        PrintWriter out = spec.commandLine().getOut();
        Optional<Installation> installation = Installation.read(folder);
        boolean up = installation.filter(Installation::isAlive).isPresent();
        ArrayNode projections = up ? projections(folder) : JSON.createArrayNode();
        boolean well = up
                && installation.get().ready()
                && installation.get().allPartsAreAlive()
                && !projections.isEmpty()
                && projections
                        .valueStream()
                        .allMatch(projection -> UpCommand.AT_WORK.contains(
                                        projection.path("state").asString(""))
                                && projection.path("parked").asLong() == 0
                                && projection.path("incomplete").asLong(0) == 0);
        if (json) {
            out.println(asJson(folder, installation, up, well, projections).toPrettyString());
        } else {
            print(folder, installation, up, projections, out);
        }
        out.flush();
        return well ? 0 : 1;
    }

    private static ArrayNode projections(Path folder) {
        try (DaybookClient client = ServerOptions.connectTo(folder)) {
            return client.get("/v1/projections").body().path("data") instanceof ArrayNode list
                    ? list
                    : JSON.createArrayNode();
        } catch (CommandFailed doesNotAnswer) {
            return JSON.createArrayNode();
        }
    }

    private static ObjectNode asJson(
            Path folder, Optional<Installation> installation, boolean up, boolean well, ArrayNode projections) {
        ObjectNode status = JSON.createObjectNode();
        status.put("data", folder.toString());
        status.put("state", !up ? "down" : well ? "running" : "degraded");
        installation.filter(known -> up).ifPresent(running -> {
            status.put("url", "http://127.0.0.1:" + running.httpPort());
            ArrayNode parts = status.putArray("parts");
            parts.addObject()
                    .put("name", "daybook")
                    .put("pid", running.pid())
                    .putNull("container")
                    .put("port", running.httpPort())
                    .put("log", Installation.log(folder).toString())
                    .put("alive", true);
            running.parts().forEach(part -> parts.addObject()
                    .put("name", part.name())
                    .put("pid", part.container() == null ? part.pid() : null)
                    .put("container", part.container())
                    .put("port", part.port())
                    .put("log", part.log())
                    .put("restarts", part.restarts())
                    .put("alive", part.isAlive()));
        });
        status.set("projections", projections);
        return status;
    }

    private static void print(
            Path folder, Optional<Installation> installation, boolean up, ArrayNode projections, PrintWriter out) {
        if (!up) {
            out.println("Daybook is not up in " + folder + ". Start it with './daybook up'.");
            return;
        }
        Installation running = installation.orElseThrow();
        out.println("Daybook is at http://127.0.0.1:" + running.httpPort() + ", its data in " + folder + ".");
        PartsTable.print(running, folder, out);
        out.println();
        if (projections.isEmpty()) {
            out.println("It does not answer (yet); see " + Installation.log(folder) + ".");
            return;
        }
        out.printf(
                "  %-14s  %-11s  %14s  %10s  %14s  %19s%n",
                "projection", "state", "behind, events", "behind, ms", "parked, events", "incomplete, ledgers");
        projections.forEach(projection -> out.printf(
                Locale.ROOT,
                "  %-14s  %-11s  %,14d  %,10d  %,14d  %19s%n",
                projection.path("name").asString(),
                projection.path("state").asString(),
                projection.path("lagEvents").asLong(),
                projection.path("lagMillis").asLong(),
                projection.path("parked").asLong(),
                ProjectionsCommand.incomplete(projection)));
        projections
                .valueStream()
                .map(DueRebuild::line)
                .filter(Objects::nonNull)
                .forEach(line -> out.println("  " + line));
        if (projections
                .valueStream()
                .anyMatch(projection -> projection.path("parked").asLong() > 0)) {
            out.println("What is parked, and why, is told by './daybook projections'.");
        }
        if (projections
                .valueStream()
                .anyMatch(projection -> projection.path("incomplete").asLong(0) > 0)) {
            out.println(
                    "Ledgers that are incomplete are healed from the event store by themselves; the log tells which.");
        }
    }
}
