package io.daybook.cli.proof;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a ledger had come. Its hash stands for all that was recorded before.
 *
 * @param chain the version of the hash chain that the event with this sequence is hashed under
 * @param hash of the event with this sequence, in hexadecimal
 */
record Checkpoint(LedgerId ledger, long sequence, int chain, String hash) {

    private static final Pattern LINE = Pattern.compile("([a-z0-9-]+) (\\d+) ([0-9a-f]{64})(?: chain (\\d{1,4}))?");

    /** A line of a checkpoint file. What is of the first version of the chain does not say so. */
    String line() {
        return ledger + " " + sequence + " " + hash + (chain == HashChain.FIRST_VERSION ? "" : " chain " + chain);
    }

    static Checkpoint ofLine(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new CommandFailed("'" + line + "' is not a line of a checkpoint: a ledger, a sequence and a hash.");
        }
        String chain = parts.group(4);
        return new Checkpoint(
                new LedgerId(parts.group(1)),
                Long.parseLong(parts.group(2)),
                chain == null ? HashChain.FIRST_VERSION : Integer.parseInt(chain),
                parts.group(3));
    }
}
