package io.daybook.cli.replay;

import picocli.CommandLine.Command;

/** {@code daybook replay rollback}. */
@Command(
        name = "rollback",
        description = {
            "Bring the generation before this one up to date, and exchange them again.",
            "Exit status: 0 if they were exchanged, else 1."
        })
final class ReplayRollbackCommand extends ReplayActionCommand {

    ReplayRollbackCommand() {
        super(ReplayAction.ROLLBACK);
    }
}
