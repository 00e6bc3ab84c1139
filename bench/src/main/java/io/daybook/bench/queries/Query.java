package io.daybook.bench.queries;

import io.daybook.bench.transfers.TransferScenario;
import java.util.Locale;
import java.util.SplittableRandom;

/** What is asked of an account. */
public enum Query {

    /** What it has, from Redis. */
    BALANCE("What an account has, from Redis", ""),

    /** The same from the books: Redis is away. */
    BALANCE_FROM_BOOKS("What an account has, from PostgreSQL, as Redis is away", ""),

    /** The first page of its statement. */
    STATEMENT("The first page of an account's statement, from PostgreSQL", "/entries"),

    /** The newest page of the transactions that it takes part in. */
    TRANSACTIONS_BY_ACCOUNT("The newest page of an account's transactions, from PostgreSQL", "");

    private final String words;
    private final String part;

    Query(String words, String part) {
        this.words = words;
        this.part = part;
    }

    /** What is asked, to begin a description with. */
    public String words() {
        return words;
    }

    /** Whether Redis answers it. */
    public boolean isOfRedis() {
        return this == BALANCE;
    }

    /** The account of the next query. Lists are asked of those accounts that have many lines. */
    String next(SplittableRandom random, AskedLedger ledger) {
        boolean isList = this == STATEMENT || this == TRANSACTIONS_BY_ACCOUNT;
        return TransferScenario.account(random.nextInt(isList ? ledger.busy() : ledger.accounts()));
    }

    /** Where it is asked over HTTP. */
    String path(String ledger, String account) {
        String before = "/v1/ledgers/" + ledger;
        return this == TRANSACTIONS_BY_ACCOUNT
                ? before + "/transactions?account=" + account
                : before + "/accounts/" + account + part;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
