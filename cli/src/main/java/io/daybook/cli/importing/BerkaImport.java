package io.daybook.cli.importing;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import java.nio.file.Path;
import java.util.Map;

/**
 * Imports the bank's transactions into a ledger, which is opened if it is new. Every step can be repeated: opening an
 * open ledger changes nothing, an account's setting has an idempotency key, and a transaction an id of the bank's making.
 * So whatever stopped an import, running it again ends with the same books as if nothing had.
 */
public final class BerkaImport {

    private final DaybookClient client;

    public BerkaImport(DaybookClient client) {
        this.client = client;
    }

    /**
     * What was imported.
     *
     * @param clients how many accounts of clients the transactions are of
     * @param sequence the ledger's sequence after the last transaction
     */
    public record Outcome(long transactions, int clients, long sequence) {}

    /** How many transactions the file holds. */
    public static long count(Path path) {
        return BerkaSurvey.of(new BerkaFile(path)).transactions();
    }

    /**
     * Imports the whole file.
     *
     * @throws CommandFailed if the file is not as it must be, or any transaction is refused
     */
    public Outcome run(Path path, LedgerId ledger) {
        BerkaFile file = new BerkaFile(path);
        BerkaSurvey survey = BerkaSurvey.of(file);
        client.put("/v1/ledgers/" + ledger, Map.of(), Map.of());
        for (AccountAddress account : survey.overdrawn()) {
            // Without the key a later import would undo what somebody has set since.
            client.put(
                    "/v1/ledgers/" + ledger + "/accounts/" + account,
                    Map.of("overdraft", Overdraft.UNLIMITED),
                    Map.of("Idempotency-Key", "berka:overdraft:" + account));
        }
        try (Progress progress = Progress.of("Importing", "transactions", survey.transactions());
                TransactionFeed feed = new TransactionFeed(client, ledger, progress)) {
            file.forEach(transaction -> feed.post(transaction.toNewTransaction()));
            return new Outcome(survey.transactions(), survey.clients(), feed.finish());
        }
    }
}
