package io.daybook.cli.replay;

import io.daybook.cli.client.RequestFailed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** A command that asks for something of what is there. */
abstract class ReplayActionCommand implements Callable<Integer> {

    private final ReplayAction action;

    @ParentCommand
    private ReplayCommand parent;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PROJECTION", description = "${COMPLETION-CANDIDATES}.")
    private ReplayTarget target;

    ReplayActionCommand(ReplayAction action) {
        this.action = action;
    }

    @Override
    public final Integer call() throws InterruptedException {
        // What belongs to a replay would be left out silently, and more be done than was meant.
        for (OptionSpec option : parent.spec().commandLine().getParseResult().matchedOptions()) {
            if (!option.inherited() && option.scopeType() != ScopeType.INHERIT) {
                throw new ParameterException(
                        spec.commandLine(),
                        option.longestName() + " is not for '" + spec.name()
                                + "'; an option of its own comes after it.");
            }
        }
        return new ReplaySession(parent.server())
                .run(this::ask, spec.commandLine().getOut());
    }

    ReplayOrder ask(OperationsClient operations) {
        List<ReplayPart> parts = parts(operations);
        Map<LedgerReplay.Key, String> ledgers = askForLedgers(operations, parts, ledger -> true, false);
        return askForGenerations(operations, parts, ledgers);
    }

    /** All that is told of the projections. */
    final List<ReplayPart> parts(OperationsClient operations) {
        return target.projections().stream()
                .flatMap(projection -> operations.list(projection).stream())
                .toList();
    }

    /**
     * Asks those projections for which it makes sense; if there is no such, and nothing else to be done either, all of them,
     * so that they tell why not.
     *
     * @param ledgers for which it was done
     */
    private ReplayOrder askForGenerations(
            OperationsClient operations, List<ReplayPart> parts, Map<LedgerReplay.Key, String> ledgers) {
        List<ReplayPart> all = parts.stream().filter(part -> !part.ofLedgers()).toList();
        List<ReplayPart> some = all.stream().filter(part -> part.canBe(action)).toList();
        List<ReplayPart> asked = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        for (ReplayPart part : some.isEmpty() && ledgers.isEmpty() ? all : some) {
            try {
                operations.ask(part.key(), action, null);
                asked.add(part);
            } catch (RequestFailed refusal) {
                if (!OperationsClient.isRefusal(refusal)) {
                    throw refusal;
                }
                refusals.add(part.projection() + ": "
                        + refusal.problem().path("detail").asString());
            }
        }
        return new ReplayOrder(ReplayGoal.of(action), asked, ledgers, refusals);
    }

    /**
     * Asks for all ledgers for which it makes sense.
     *
     * @param oneByOne whether not all that a replay has are meant
     * @return those for which it was done, each with the id of its replay
     */
    final Map<LedgerReplay.Key, String> askForLedgers(
            OperationsClient operations, List<ReplayPart> parts, Predicate<String> meant, boolean oneByOne) {
        Map<LedgerReplay.Key, String> done = new HashMap<>();
        for (ReplayPart part : parts) {
            if (!part.ofLedgers() || !part.canBe(action)) {
                continue;
            }
            List<LedgerReplay.Key> keys = operations.ledgers(part.key()).stream()
                    .filter(ledger ->
                            ledger.canBe(action) && meant.test(ledger.key().ledger()))
                    .map(LedgerReplay::key)
                    .toList();
            if (oneByOne) {
                keys.forEach(key -> operations.ask(part.key(), action, key.ledger()));
            } else if (!keys.isEmpty()) {
                operations.ask(part.key(), action, null);
            }
            keys.forEach(key -> done.put(key, part.replay()));
        }
        return done;
    }
}
