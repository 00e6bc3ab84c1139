package io.daybook.cli.importing;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.Posting;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One line of the bank's file, and what it means in a ledger: a credit comes from, and a withdrawal goes to, an account
 * of the bank that is named after what was done; the other side is the client's account.
 *
 * @param id the bank's {@code trans_id}
 * @param clientAccount the bank's {@code account_id}
 * @param credit whether it went into the client's account
 * @param operation the bank's word for what was done, such as {@code VKLAD}; empty if it gives none
 * @param symbol the bank's {@code k_symbol}, what it was for, such as {@code UROK}; empty if it gives none
 * @param partnerBank code of the other bank of a transfer; empty if there is none
 * @param partnerAccount account at the other bank; empty if there is none
 * @param amount in haléř, a hundredth of a koruna; positive
 * @param balance what the bank's own book says after the transaction, in haléř
 */
record BerkaTransaction(
        long id,
        long clientAccount,
        LocalDate date,
        boolean credit,
        String operation,
        String symbol,
        String partnerBank,
        String partnerAccount,
        Amount amount,
        Amount balance) {

    static final Asset KORUNA = new Asset("CZK/2");

    /** The client's account in our ledger. */
    AccountAddress client() {
        return new AccountAddress("accounts:" + clientAccount);
    }

    /**
     * The bank's account on the other side. What a payment was for names it better than how it was paid, where the bank
     * itself is the partner: interest and fees are booked as withdrawals too, but no cash moves.
     *
     * @throws IllegalArgumentException if the bank's words are not known
     */
    AccountAddress bank() {
        return new AccountAddress(
                switch (symbol) {
                    case "UROK" -> "bank:interest";
                    case "SANKC. UROK" -> "bank:penalty-interest";
                    case "SLUZBY" -> "bank:fees";
                    default ->
                        switch (operation) {
                            case "VKLAD", "VYBER" -> "bank:cash";
                            case "VYBER KARTOU" -> "bank:cards";
                            case "PREVOD Z UCTU", "PREVOD NA UCET" ->
                                "bank:transfers:" + (partnerBank.isEmpty() ? "unknown" : partnerBank);
                            default ->
                                throw new IllegalArgumentException("operation '" + operation + "' with k_symbol '"
                                        + symbol + "' is none that this import knows");
                        };
                });
    }

    /** What this does to the client's balance, in haléř. */
    Amount change() {
        return credit ? amount : amount.negated();
    }

    /**
     * The transaction as it is posted. Its id comes from the bank's own and from nothing else, so that posting it again,
     * after a crash or for fun, is a retry and changes nothing.
     */
    NewTransaction toNewTransaction() {
        Map<String, String> metadata = new TreeMap<>();
        putIfPresent(metadata, "operation", operation);
        putIfPresent(metadata, "k_symbol", symbol);
        putIfPresent(metadata, "account", partnerAccount);
        String reference = "berka:" + id;
        Posting posting =
                credit ? new Posting(bank(), client(), KORUNA, amount) : new Posting(client(), bank(), KORUNA, amount);
        return new NewTransaction(
                UUID.nameUUIDFromBytes(reference.getBytes(StandardCharsets.UTF_8)),
                reference,
                date.atStartOfDay().toInstant(ZoneOffset.UTC),
                metadata,
                List.of(posting));
    }

    private static void putIfPresent(Map<String, String> metadata, String key, String value) {
        if (!value.isEmpty()) {
            metadata.put(key, value);
        }
    }
}
