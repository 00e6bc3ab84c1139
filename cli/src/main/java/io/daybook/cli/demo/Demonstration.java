package io.daybook.cli.demo;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.RequestFailed;
import io.daybook.cli.importing.BerkaImport;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Brings the bundled sample through every part of a running Daybook, and prints what came out. */
final class Demonstration {

    private static final LedgerId LEDGER = new LedgerId("berka");
    private static final String AN_ACCOUNT = "bank:cash";
    private static final int NOT_FOUND = 404;

    private final DaybookClient client;
    private final Path sample;
    private final PrintWriter out;

    Demonstration(DaybookClient client, Path sample, PrintWriter out) {
        this.client = client;
        this.sample = sample;
        this.out = out;
    }

    /**
     * Imports the sample unless the ledger has all of it, waits for the projections, and prints the books.
     *
     * @throws CommandFailed if anything is refused or stands still, or the books do not sum to zero
     */
    void run() {
        long sequence = importUnlessComplete();
        new CatchUp(client, LEDGER).await(sequence, AN_ACCOUNT);
        LedgerSummary books = LedgerSummary.read(client, LEDGER, sequence);
        out.println();
        out.print(DemoReport.of(LEDGER, client.base(), books, ProjectionLine.all(client)));
        out.flush();
        if (!books.sumToZero()) {
            throw new CommandFailed(
                    "The books of ledger " + LEDGER + " do not sum to zero: " + books.sums()
                            + ".\nEvery posting has two ends, so a read model is wrong. The event store is not touched by that.");
        }
    }

    /** The ledger's sequence, with all of the sample in it. */
    private long importUnlessComplete() {
        try {
            var ledger = client.get("/v1/ledgers/" + LEDGER);
            if (ledger.body().path("transactions").asLong(0) >= BerkaImport.count(sample)) {
                return ledger.ledgerSequence().orElse(0);
            }
        } catch (RequestFailed e) {
            if (e.status() != NOT_FOUND) {
                throw e;
            }
        }
        // Also if only the read model is behind: what is there already is not posted twice.
        return new BerkaImport(client).run(sample, LEDGER).sequence();
    }
}
