package io.daybook.cli.replay;

import io.daybook.events.LedgerId;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** Which events are replayed: all of a projection's if nothing is said. */
final class ReplayScope {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private @Nullable LedgerId ledger;

    @ArgGroup
    private @Nullable From from;

    /** From where on. */
    static final class From {

        @Option(
                names = "--from-sequence",
                paramLabel = "N",
                description = "From this event of the ledger on; for 'audit' only, see --from-time.")
        private @Nullable Long sequence;

        @Option(
                names = "--from-time",
                paramLabel = "TIME",
                description =
                        "From the first event on that was recorded then or later, such as 2026-01-31T09:00:00Z; for"
                                + " 'audit' only. Balances and books cannot begin in the middle: what they say was made by all"
                                + " events before.")
        private @Nullable String time;
    }

    @Option(
            names = "--ledger",
            paramLabel = "LEDGER",
            description = "Post only this ledger anew, in its place, while the projection goes on for the others.")
    void setLedger(String name) {
        try {
            ledger = new LedgerId(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--ledger '" + name + "': " + e.getMessage(), e);
        }
    }

    /** Whether it is about all that a projection has. */
    boolean isEverything() {
        return ledger == null && from == null;
    }

    /** As the body of a request has it. */
    void writeTo(ObjectNode body) {
        if (ledger != null) {
            body.put("ledger", ledger.value());
        }
        if (from != null && from.sequence != null) {
            body.put("fromSequence", from.sequence);
        }
        if (from != null && from.time != null) {
            body.put("fromTime", time(from.time).toString());
        }
    }

    private Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new ParameterException(
                    spec.commandLine(), "--from-time '" + text + "' is not a time such as 2026-01-31T09:00:00Z.", e);
        }
    }

    /**
     * @throws ParameterException if this cannot be posted anew in the middle, or not in the way that is asked for
     */
    void requireFitting(ReplayTarget target, boolean dryRun, boolean parallel) {
        if (from != null && target != ReplayTarget.audit) {
            throw wrong("Balances and books cannot be posted from the middle on: a balance, and each line of a"
                    + " statement, is what all events before have made. Leave out --from-sequence and --from-time, or"
                    + " replay 'audit', where each event stands for itself.");
        }
        if (from != null && from.sequence != null && ledger == null) {
            throw wrong("A sequence counts the events of one ledger: say of which with --ledger, or take --from-time.");
        }
        if (from != null && from.sequence != null && from.sequence < 1) {
            throw wrong("--from-sequence " + from.sequence + ": a ledger's first event has sequence 1.");
        }
        if (dryRun && !isEverything()) {
            throw wrong("--dry-run compares all that a projection has with what it would have: leave out"
                    + " --ledger, --from-sequence and --from-time.");
        }
        if (parallel && !isEverything()) {
            throw wrong("--parallel is for all that a projection has: each thread posts ledgers of its own, and"
                    + " single ledgers are posted anew one after the other. Leave it out with --ledger, --from-sequence and"
                    + " --from-time.");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
