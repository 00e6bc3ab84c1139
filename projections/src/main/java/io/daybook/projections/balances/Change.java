package io.daybook.projections.balances;

import io.daybook.events.AccountAddress;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldCaptured;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import io.daybook.projections.projection.PublishedEvent.BalanceKey;
import io.daybook.projections.projection.Turnover;
import io.daybook.stores.StoredAccountSettings;
import io.daybook.stores.redis.AccountFields;
import io.daybook.stores.redis.AccountFields.Sum;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** What a batch changes in one ledger. */
final class Change {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LedgerId ledger;
    private final Map<BalanceKey, Funds> funds;
    private final Map<AccountAddress, Map<String, String>> accounts = new LinkedHashMap<>();
    private long reached;

    /**
     * @param funds what there is, moved on by each change
     */
    Change(LedgerId ledger, Map<BalanceKey, Funds> funds) {
        this.ledger = ledger;
        this.funds = funds;
    }

    LedgerId ledger() {
        return ledger;
    }

    /** The fields that are not what they were, by account. */
    Map<AccountAddress, Map<String, String>> accounts() {
        return accounts;
    }

    /** The sequence of the ledger's last event in the batch. */
    long reached() {
        return reached;
    }

    void reach(long sequence) {
        reached = sequence;
    }

    void post(Transaction transaction) {
        for (Posting posting : transaction.postings()) {
            move(posting.source(), posting.asset(), all -> all.out(posting.amount()));
            move(posting.destination(), posting.asset(), all -> all.in(posting.amount()));
        }
        if (transaction instanceof HoldCaptured capture) {
            Posting taken = capture.postings().getFirst();
            hold(taken.source(), taken.asset(), all -> all.release(capture.taken()));
        }
    }

    private void move(AccountAddress account, Asset asset, UnaryOperator<Funds> step) {
        Turnover after = after(account, asset, step).turnover();
        Map<String, String> fields = fields(account);
        fields.put(Sum.INPUT.of(asset), after.input().toString());
        fields.put(Sum.OUTPUT.of(asset), after.output().toString());
    }

    void hold(AccountAddress account, Asset asset, UnaryOperator<Funds> step) {
        fields(account)
                .put(Sum.HELD.of(asset), after(account, asset, step).held().toString());
    }

    void configure(AccountConfigured account) {
        StoredAccountSettings settings =
                new StoredAccountSettings(account.overdraft(), account.limits(), account.closed());
        fields(account.account()).put(AccountFields.SETTINGS, settings.json());
        metadata(account.account(), account.metadata());
    }

    void metadata(AccountAddress account, Map<String, String> metadata) {
        fields(account).put(AccountFields.METADATA, JSON.writeValueAsString(metadata));
    }

    private Funds after(AccountAddress account, Asset asset, UnaryOperator<Funds> step) {
        Funds after = step.apply(funds.get(new BalanceKey(ledger, account, asset)));
        funds.put(new BalanceKey(ledger, account, asset), after);
        return after;
    }

    private Map<String, String> fields(AccountAddress account) {
        return accounts.computeIfAbsent(account, a -> new LinkedHashMap<>());
    }
}
