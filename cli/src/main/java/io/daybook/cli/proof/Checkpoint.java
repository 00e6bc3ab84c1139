package io.daybook.cli.proof;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a ledger had come. Its hash stands for all that was recorded before.
 *
 * @param hash of the event with this sequence, in hexadecimal
 */
record Checkpoint(LedgerId ledger, long sequence, String hash) {

    private static final Pattern LINE = Pattern.compile("([a-z0-9-]+) (\\d+) ([0-9a-f]{64})");

    /** A line of a checkpoint file. */
    String line() {
        return ledger + " " + sequence + " " + hash;
    }

    static Checkpoint ofLine(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new CommandFailed("'" + line + "' is not a line of a checkpoint: a ledger, a sequence and a hash.");
        }
        return new Checkpoint(new LedgerId(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3));
    }
}
