package io.daybook.cli.replay;

import picocli.CommandLine.Command;

/** {@code daybook replay resume}. */
@Command(
        name = "resume",
        description = {
            "Go on with all that is paused of a projection, and with single ledgers that failed.",
            "Exit status: 0 if it was done, else 1; of a dry run, 0 if there are no differences."
        })
final class ReplayResumeCommand extends ReplayActionCommand {

    ReplayResumeCommand() {
        super(ReplayAction.RESUME);
    }
}
