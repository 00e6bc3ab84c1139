package io.daybook.cli.importing;

import io.daybook.cli.client.Answer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.LedgerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts transactions to one ledger in the order in which they are given, many in a request.
 *
 * <p>One request is on its way at a time, while the next one is filled: two at once could overtake each other on their
 * connections, and a withdrawal before its deposit would be refused. It costs little, as the ledger has one writer anyway.
 */
final class TransactionFeed implements AutoCloseable {

    /** Transactions in a request. */
    static final int BATCH_SIZE = 500;

    private static final int MAX_REFUSALS_SHOWN = 5;

    private final DaybookClient client;
    private final String path;
    private final Progress progress;
    private final JsonMapper json = JsonMapper.shared();
    private final ExecutorService sender = Executors.newSingleThreadExecutor();
    private List<NewTransaction> batch = new ArrayList<>(BATCH_SIZE);
    private @Nullable CompletableFuture<Long> onItsWay;
    private long sequence;
    private long posted;

    TransactionFeed(DaybookClient client, LedgerId ledger, Progress progress) {
        this.client = client;
        this.path = "/v1/ledgers/" + ledger + "/transactions/batch";
        this.progress = progress;
    }

    /**
     * @throws CommandFailed if an earlier transaction was refused or could not be sent
     */
    void post(NewTransaction transaction) {
        batch.add(transaction);
        if (batch.size() == BATCH_SIZE) {
            send();
        }
    }

    /**
     * Sends what is left and waits until all is posted.
     *
     * @return the ledger's sequence after the last of them
     * @throws CommandFailed if a transaction was refused or could not be sent
     */
    long finish() {
        if (!batch.isEmpty()) {
            send();
        }
        awaitAnswer();
        return sequence;
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }

    private void send() {
        List<NewTransaction> full = batch;
        batch = new ArrayList<>(BATCH_SIZE);
        byte[] body = json.writeValueAsBytes(Map.of("transactions", full));
        awaitAnswer();
        onItsWay = CompletableFuture.supplyAsync(() -> exchange(full, body), sender);
    }

    private void awaitAnswer() {
        if (onItsWay != null) {
            try {
                sequence = onItsWay.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof CommandFailed failed ? failed : e;
            }
            onItsWay = null;
        }
    }

    private long exchange(List<NewTransaction> transactions, byte[] body) {
        Answer answer = client.post(path, body);
        checkAllAccepted(transactions, answer.body().path("results"));
        posted += transactions.size();
        progress.reached(posted);
        return answer.body().path("sequence").asLong(0);
    }

    private static void checkAllAccepted(List<NewTransaction> transactions, JsonNode results) {
        if (results.size() != transactions.size()) {
            throw new CommandFailed(transactions.size() + " transactions were sent, but " + results.size()
                    + " were answered for. See Daybook's log, then import again: nothing is posted twice.");
        }
        List<String> refusals = new ArrayList<>();
        for (int i = 0; i < transactions.size(); i++) {
            JsonNode result = results.get(i);
            int status = result.path("status").asInt(0);
            if (status < 200 || status >= 300) {
                refusals.add(transactions.get(i).reference() + ": " + status + " "
                        + DaybookClient.describe(result.path("problem")));
            }
        }
        if (!refusals.isEmpty()) {
            throw new CommandFailed(refusals.size() + " of " + transactions.size()
                    + " transactions were refused, and the import ended there. First of them:\n  "
                    + String.join("\n  ", refusals.subList(0, Math.min(refusals.size(), MAX_REFUSALS_SHOWN)))
                    + "\nWhat was posted stays. Mend the cause and import again: nothing is posted twice.");
        }
    }
}
