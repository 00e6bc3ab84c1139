package io.daybook.cli.replay;

import io.daybook.cli.client.ServerOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code daybook replay}. */
@Command(
        name = "replay",
        description = {
            "Post a projection's books anew from the first event on, beside the live ones, and exchange them when they"
                    + " have caught up. Queries are answered all the while.",
            "With --ledger, only that ledger is posted anew, in its place, while the projection goes on for the others.",
            "Ctrl-C pauses what the command has asked for; a replay that lost its application goes on by itself when that is"
                    + " there again.",
            "Exit status: 0 if all was done, and a dry run has found no differences; 1 if there are differences, or if"
                    + " something was refused, failed, or was paused or given up meanwhile; 2 if it was called wrongly; 130"
                    + " after Ctrl-C."
        },
        subcommands = {
            ReplayStatusCommand.class,
            ReplayPauseCommand.class,
            ReplayResumeCommand.class,
            ReplayRollbackCommand.class,
            ReplayDiscardCommand.class
        })
public final class ReplayCommand implements Callable<Integer> {

    /** As many as there are partitions in Kafka. */
    private static final int MAX_PARALLEL = 12;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Option(names = "--dry-run", description = "Tell how the new books differ from the live ones, and drop them.")
    private boolean dryRun;

    @Mixin
    private ReplayScope scope;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description =
                    "Where the events are taken from: ${COMPLETION-CANDIDATES}. Default: kafka. The event store has them"
                            + " even when Kafka has lost them.")
    private ReplaySource source = ReplaySource.kafka;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "By how many threads a new generation is posted, each with ledgers of its own: 1 to "
                    + MAX_PARALLEL + ". Default: 2.")
    private @Nullable Integer parallel;

    @Parameters(paramLabel = "PROJECTION", arity = "0..1", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable ReplayTarget target;

    CommandSpec spec() {
        return spec;
    }

    ServerOptions server() {
        return server;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (target == null) {
            throw new ParameterException(
                    spec.commandLine(), "Which projection? 'balances', 'books', 'audit', or 'all' of them.");
        }
        if (parallel != null && (parallel < 1 || parallel > MAX_PARALLEL)) {
            throw new ParameterException(
                    spec.commandLine(), "--parallel " + parallel + ": it must be 1 to " + MAX_PARALLEL + ".");
        }
        scope.requireFitting(target, dryRun, parallel != null);
        ObjectNode replay = JsonMapper.shared()
                .createObjectNode()
                .put("projection", target.name())
                .put("source", source.name());
        if (parallel != null) {
            replay.put("parallel", parallel);
        }
        if (dryRun) {
            replay.put("dryRun", true);
        }
        scope.writeTo(replay);
        return new ReplaySession(server)
                .run(
                        operations -> order(operations, operations.start(replay)),
                        spec.commandLine().getOut());
    }

    private ReplayOrder order(OperationsClient operations, List<ReplayPart> parts) {
        if (scope.isEverything()) {
            return ReplayOrder.of(dryRun ? ReplayGoal.DRY_RUN : ReplayGoal.REPLAY, parts, Map.of());
        }
        Map<LedgerReplay.Key, String> ledgers = new HashMap<>();
        parts.forEach(
                part -> operations.ledgers(part.key()).forEach(ledger -> ledgers.put(ledger.key(), part.replay())));
        return ReplayOrder.of(ReplayGoal.REPLAY, List.of(), ledgers);
    }
}
