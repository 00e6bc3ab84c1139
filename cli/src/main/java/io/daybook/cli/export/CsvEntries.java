package io.daybook.cli.export;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a ledger's history as a table (RFC 4180). A row is one entry: every posting is a row of its source, negative, and
 * one of its destination. So the sum of an account's rows in an asset is its balance, and all rows of an asset sum to
 * zero. Amounts are in whole units with the asset's decimals; metadata are a JSON object.
 *
 * <p>Texts of customers are written as they are. A spreadsheet may take one that begins with {@code =} for a formula: have
 * it read all columns as text.
 */
final class CsvEntries implements TransactionFormat {

    private static final String HEADER =
            "sequence,transaction,effectiveAt,recordedAt,reference,reverses,hold,account,asset,amount,metadata";

    private final Appendable out;
    private final JsonMapper json = JsonMapper.shared();

    CsvEntries(Appendable out) {
        this.out = out;
    }

    @Override
    public void begin(String ledger) throws IOException {
        out.append(HEADER).append("\r\n");
    }

    @Override
    public void write(RecordedTransaction recorded) throws IOException {
        for (Posting posting : recorded.transaction().postings()) {
            row(recorded, posting.source(), posting.asset(), posting.amount().negated());
            row(recorded, posting.destination(), posting.asset(), posting.amount());
        }
    }

    private void row(RecordedTransaction recorded, AccountAddress account, Asset asset, Amount amount)
            throws IOException {
        Transaction transaction = recorded.transaction();
        out.append(Long.toString(recorded.sequence()));
        cell(transaction.id());
        cell(transaction.effectiveAt());
        cell(recorded.recordedAt());
        cell(transaction.reference());
        cell(transaction.reverses());
        cell(transaction.hold());
        cell(account);
        cell(asset);
        cell(RecordedTransaction.decimal(amount, asset).toPlainString());
        cell(transaction.metadata().isEmpty() ? null : json.writeValueAsString(transaction.metadata()));
        out.append("\r\n");
    }

    private void cell(@Nullable Object value) throws IOException {
        String text = Objects.toString(value, "");
        boolean needsQuotes = text.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        out.append(',');
        if (needsQuotes) {
            out.append('"').append(text.replace("\"", "\"\"")).append('"');
        } else {
            out.append(text);
        }
    }
}
