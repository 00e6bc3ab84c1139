package io.daybook.cli.client;

import io.daybook.events.LedgerId;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --ledger}, for commands about one ledger. */
public final class LedgerOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private LedgerId ledger;

    @Option(names = "--ledger", paramLabel = "LEDGER", required = true, description = "The name of the ledger.")
    void setLedger(String name) {
        try {
            ledger = new LedgerId(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--ledger '" + name + "': " + e.getMessage(), e);
        }
    }

    public LedgerId ledger() {
        return ledger;
    }
}
