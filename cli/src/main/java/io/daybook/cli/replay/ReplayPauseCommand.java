package io.daybook.cli.replay;

import picocli.CommandLine.Command;

/** {@code daybook replay pause}. */
@Command(
        name = "pause",
        description = {
            "Pause all that is being replayed of a projection, single ledgers too, whoever has asked for it.",
            "Exit status: 0 if it was done, else 1."
        })
final class ReplayPauseCommand extends ReplayActionCommand {

    ReplayPauseCommand() {
        super(ReplayAction.PAUSE);
    }
}
