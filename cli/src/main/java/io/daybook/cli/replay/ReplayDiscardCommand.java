package io.daybook.cli.replay;

import io.daybook.cli.terminal.CommandFailed;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code daybook replay discard}. */
@Command(
        name = "discard",
        description = {
            "Drop the generation that is not live, and give up single ledgers that are posted anew, or could not be. These"
                    + " stay parked, until they are posted anew.",
            "Exit status: 0 if it was done, else 1."
        })
final class ReplayDiscardCommand extends ReplayActionCommand {

    @Option(
            names = "--ledger",
            paramLabel = "LEDGER",
            split = ",",
            description = "Only give up these ledgers; a generation that is not live stays.")
    private List<String> only = List.of();

    ReplayDiscardCommand() {
        super(ReplayAction.DISCARD);
    }

    @Override
    ReplayOrder ask(OperationsClient operations) {
        if (only.isEmpty()) {
            return super.ask(operations);
        }
        Map<LedgerReplay.Key, String> givenUp = askForLedgers(operations, parts(operations), only::contains, true);
        if (givenUp.isEmpty()) {
            throw new CommandFailed("None of these is being posted anew, so there is nothing to give up: "
                    + String.join(", ", only) + ". './daybook replay status' tells what is.");
        }
        return ReplayOrder.of(ReplayGoal.DISCARD, List.of(), givenUp);
    }
}
