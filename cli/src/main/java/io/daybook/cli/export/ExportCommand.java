package io.daybook.cli.export;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.LedgerOption;
import io.daybook.cli.client.ServerOptions;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code daybook export}: writes a ledger's history to a file or to standard output, in UTF-8. */
@Command(name = "export", description = "Write a ledger's whole history for other programs.")
public final class ExportCommand implements Callable<Integer> {

    /** What the history can be written as. */
    enum Format {
        /** A journal for hledger, which then has exactly the ledger's balances. */
        hledger,
        /** The same for beancount. */
        beancount,
        /** A table of entries. */
        csv,
        /** One event a line, as the API gives it, with its ledger's name and its hash, and what idempotency keys are known
         * by: what an import needs. */
        ndjson
    }

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            description = {
                "hledger, beancount: a plain-text accounting journal.",
                "csv: a table with a row for each side of each posting.",
                "ndjson: every event, one a line, with its hash; for 'daybook import ndjson'. Repeats of commands with an"
                        + " idempotency key are known there, too."
            })
    private Format format;

    @Option(
            names = "--unguarded",
            description = {
                "csv: write references and accounts as they are. Without it, one that a spreadsheet would run as a formula"
                        + " has a ' before it."
            })
    private boolean unguarded;

    @Mixin
    private LedgerOption ledger;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to this file instead of standard output. It appears when it is whole.")
    private @Nullable Path output;

    @Mixin
    private ServerOptions server;

    @Override
    public Integer call() throws IOException {
        try (DaybookClient client = server.connect()) {
            EventPages history = new EventPages(client, ledger.ledger());
            if (output == null) {
                writeToStandardOutput(history);
            } else {
                writeToFile(history, output.toAbsolutePath());
            }
            return CommandLine.ExitCode.OK;
        }
    }

    private void writeToStandardOutput(EventPages history) {
        // Not System.out, which would hide that the reader has gone and the export is not whole.
        try (Writer out = writer(new FileOutputStream(FileDescriptor.out))) {
            write(history, out);
        } catch (IOException e) {
            throw new CommandFailed(
                    "Standard output could not be written: " + e.getMessage() + ". The export is not whole.", e);
        }
    }

    /** A journal that ends in the middle has wrong balances, so the file gets its name when all is written. */
    private void writeToFile(EventPages history, Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (Writer out = writer(Files.newOutputStream(unfinished))) {
                write(history, out);
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailed(
                    "The file " + file + " could not be written: " + e
                            + ".\nCheck that its folder exists, can be written to, and has space.",
                    e);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private void write(EventPages history, Writer out) throws IOException {
        write(history, format, ledger.ledger(), !unguarded, out);
    }

    /**
     * @param guarded whether a table has no text that a spreadsheet would run
     */
    static void write(EventPages history, Format format, LedgerId ledger, boolean guarded, Writer out)
            throws IOException {
        switch (format) {
            case hledger -> write(history, new HledgerJournal(out), ledger);
            case beancount -> write(history, new BeancountJournal(out), ledger);
            case csv -> write(history, new CsvEntries(out, guarded), ledger);
            case ndjson -> history.forEach(new EventLines(ledger, history.commands(), out)::append);
        }
    }

    private static void write(EventPages history, TransactionFormat format, LedgerId ledger) throws IOException {
        format.begin(ledger.value());
        history.forEach(format::append);
    }

    private static Writer writer(java.io.OutputStream bytes) {
        return new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
    }
}
