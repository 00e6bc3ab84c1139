package io.daybook.cli.demo;

import io.daybook.cli.client.Answer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A ledger's books as the query side tells them.
 *
 * @param sequence how far the ledger had come
 * @param sums of all accounts, by asset; each must be zero
 * @param balances of every account, by asset
 */
record LedgerSummary(
        long sequence,
        long transactions,
        SortedMap<Asset, Amount> sums,
        SortedMap<AccountAddress, Map<Asset, Amount>> balances) {

    private static final int PAGE_SIZE = 1_000;

    /** Reads them when they have come to a sequence. */
    static LedgerSummary read(DaybookClient client, LedgerId ledger, long minSequence) {
        String path = "/v1/ledgers/" + ledger;
        Answer answer = client.get(path, minSequence);
        SortedMap<AccountAddress, Map<Asset, Amount>> balances = new TreeMap<>();
        String cursor = "";
        do {
            JsonNode page = client.get(path + "/accounts?limit=" + PAGE_SIZE + cursor, minSequence)
                    .body();
            for (JsonNode account : page.path("data")) {
                balances.put(new AccountAddress(account.path("account").asString("")), balances(account));
            }
            cursor = page.path("next").isString()
                    ? "&cursor=" + URLEncoder.encode(page.path("next").asString(), StandardCharsets.UTF_8)
                    : "";
        } while (!cursor.isEmpty());
        return new LedgerSummary(
                answer.ledgerSequence().orElse(0),
                answer.body().path("transactions").asLong(0),
                balances(client.get(path + "/balances", minSequence).body()),
                balances);
    }

    private static SortedMap<Asset, Amount> balances(JsonNode document) {
        SortedMap<Asset, Amount> balances = new TreeMap<>();
        document.path("balances")
                .forEachEntry((asset, amounts) -> balances.put(
                        new Asset(asset), Amount.parse(amounts.path("balance").asString(""))));
        return balances;
    }

    /** Whether double entry holds: in every asset all accounts together have nothing. There must be an asset at all. */
    boolean sumToZero() {
        return !sums.isEmpty() && sums.values().stream().allMatch(Amount::isZero);
    }
}
