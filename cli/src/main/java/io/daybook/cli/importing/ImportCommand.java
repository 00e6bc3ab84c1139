package io.daybook.cli.importing;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.LedgerOption;
import io.daybook.cli.client.ServerOptions;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daybook import}: names the kinds of files that can be imported. */
@Command(
        name = "import",
        description = "Import a file into a ledger.",
        subcommands = {ImportCommand.Ndjson.class, ImportCommand.Berka.class})
public final class ImportCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Which kind of file? For example: daybook import ndjson FILE --ledger LEDGER");
    }

    /** {@code daybook import ndjson}. */
    @Command(
            name = "ndjson",
            description = {
                "Import a ledger's whole history, as 'daybook export --format ndjson' wrote it.",
                "It keeps its name, ids, times and hashes, and every hash is verified. The ledger is opened by it."
                        + " Nothing else is recorded in it meanwhile."
                        + " Importing a file again changes nothing, and goes on where an import was interrupted."
            })
    static final class Ndjson implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The events, one a line, plain or compressed by gzip.")
        private Path file;

        @Mixin
        private LedgerOption ledger;

        @Mixin
        private ServerOptions server;

        @Override
        public Integer call() {
            try (DaybookClient client = server.connect()) {
                long startedNanos = System.nanoTime();
                HistoryImport.Outcome outcome = new HistoryImport(client, ledger.ledger(), file).run();
                double seconds = (System.nanoTime() - startedNanos) / 1e9;
                spec.commandLine()
                        .getOut()
                        .println(String.format(
                                Locale.ROOT,
                                "%,d events are in ledger %s, %,d of them new, up to sequence %,d with hash %s (%.1f s)",
                                outcome.events(),
                                ledger.ledger(),
                                outcome.recorded(),
                                outcome.sequence(),
                                outcome.hash(),
                                seconds));
                if (outcome.remembered() > 0) {
                    spec.commandLine()
                            .getOut()
                            .printf(
                                    Locale.ROOT,
                                    "%,d commands that changed nothing are remembered with them%n",
                                    outcome.remembered());
                }
                return CommandLine.ExitCode.OK;
            }
        }
    }

    /** {@code daybook import berka}. */
    @Command(
            name = "berka",
            description = {
                "Import transactions of the Czech bank of the PKDD'99 Discovery Challenge.",
                "The ledger is opened if it is new. Importing a file again changes nothing."
            })
    static final class Berka implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The transactions, as CSV, plain or compressed by gzip.")
        private Path file;

        @Mixin
        private LedgerOption ledger;

        @Mixin
        private ServerOptions server;

        @Override
        public Integer call() {
            try (DaybookClient client = server.connect()) {
                long startedNanos = System.nanoTime();
                BerkaImport.Outcome outcome = new BerkaImport(client).run(file, ledger.ledger());
                double seconds = (System.nanoTime() - startedNanos) / 1e9;
                spec.commandLine()
                        .getOut()
                        .println(String.format(
                                Locale.ROOT,
                                "%,d transactions of %,d clients are in ledger %s, which is at sequence %,d (%.1f s)",
                                outcome.transactions(),
                                outcome.clients(),
                                ledger.ledger(),
                                outcome.sequence(),
                                seconds));
                return CommandLine.ExitCode.OK;
            }
        }
    }
}
