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
 * <p>A spreadsheet runs a text that begins with {@code =} and others as a formula, whoever wrote it. Such a text has an
 * apostrophe before it, which spreadsheets take for the sign of a text, unless it is to be as it is. Of what is not an
 * amount only a reference and an account can begin so.
 *
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">CSV injection</a>, of which this is the list
 */
final class CsvEntries implements TransactionFormat {

    private static final String HEADER =
            "sequence,transaction,effectiveAt,recordedAt,reference,reverses,hold,account,asset,amount,metadata";

    /** The full-width forms too: some spreadsheets take them for the same. */
    private static final String BEGINNINGS_OF_FORMULAS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

    private final Appendable out;
    private final boolean guarded;
    private final JsonMapper json = JsonMapper.shared();

    /**
     * @param guarded whether no text can be run by a spreadsheet
     */
    CsvEntries(Appendable out, boolean guarded) {
        this.out = out;
        this.guarded = guarded;
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
        text(transaction.reference());
        cell(transaction.reverses());
        cell(transaction.hold());
        text(account.value());
        cell(asset);
        cell(RecordedTransaction.decimal(amount, asset).toPlainString());
        cell(transaction.metadata().isEmpty() ? null : json.writeValueAsString(transaction.metadata()));
        out.append("\r\n");
    }

    private void text(@Nullable String text) throws IOException {
        boolean mayBeRun = text != null && !text.isEmpty() && BEGINNINGS_OF_FORMULAS.indexOf(text.charAt(0)) >= 0;
        cell(guarded && mayBeRun ? "'" + text : text);
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
