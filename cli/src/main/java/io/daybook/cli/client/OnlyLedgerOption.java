package io.daybook.cli.client;

import io.daybook.events.LedgerId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --ledger}, for commands about all ledgers or one. */
public final class OnlyLedgerOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private @Nullable LedgerId ledger;

    @Option(names = "--ledger", paramLabel = "LEDGER", description = "Only this one.")
    void setLedger(String name) {
        try {
            ledger = new LedgerId(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--ledger '" + name + "': " + e.getMessage(), e);
        }
    }

    /** Null for all. */
    public @Nullable LedgerId ledger() {
        return ledger;
    }

    public boolean isFor(LedgerId other) {
        return ledger == null || ledger.equals(other);
    }
}
