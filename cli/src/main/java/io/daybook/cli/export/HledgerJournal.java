package io.daybook.cli.export;

import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes a ledger's history as a journal for hledger. A transaction is one entry there too: its date is the effective one
 * (UTC), its code the sequence, its description the reference or else the id, and every posting a pair of lines. A
 * commodity is the asset's whole name in quotes, as {@code USD/2} and {@code USD/3} are two assets; amounts have exactly
 * the asset's decimals.
 *
 * <p>hledger has no way to escape, so text is written as in a JSON string, where a control character cannot end a line,
 * and in a description a semicolon cannot begin a comment. Metadata stand in comments of the entry, never of a posting:
 * there hledger would take a {@code date:} as the posting's date.
 */
final class HledgerJournal implements TransactionFormat {

    private final Appendable out;
    private final Set<Asset> declared = new HashSet<>();

    HledgerJournal(Appendable out) {
        this.out = out;
    }

    @Override
    public void begin(String ledger) throws IOException {
        out.append("; Ledger ").append(ledger).append(", exported by Daybook\n");
        // Without it hledger has to guess whether the point of 1.000 is a decimal mark.
        out.append("decimal-mark .\n");
    }

    @Override
    public void write(RecordedTransaction recorded) throws IOException {
        Transaction transaction = recorded.transaction();
        for (Posting posting : transaction.postings()) {
            declare(posting.asset());
        }
        LocalDate date = LocalDate.ofInstant(transaction.effectiveAt(), ZoneOffset.UTC);
        out.append('\n').append(date.toString());
        out.append(" (").append(Long.toString(recorded.sequence())).append(") ");
        PlainText.escape(recorded.name(), ';', out);
        out.append("\n    ; id: ").append(transaction.id().toString()).append('\n');
        if (transaction.reverses() != null) {
            out.append("    ; reverses: ")
                    .append(transaction.reverses().toString())
                    .append('\n');
        }
        if (transaction.hold() != null) {
            out.append("    ; hold: ").append(transaction.hold().toString()).append('\n');
        }
        for (var entry : transaction.metadata().entrySet()) {
            out.append("    ; ");
            PlainText.escape(entry.getKey(), '\0', out);
            out.append(": ");
            PlainText.escape(entry.getValue(), '\0', out);
            out.append('\n');
        }
        for (Posting posting : transaction.postings()) {
            write(posting.source().value(), posting.amount().negated(), posting.asset());
            write(posting.destination().value(), posting.amount(), posting.asset());
        }
    }

    private void write(String account, Amount amount, Asset asset) throws IOException {
        out.append("    ").append(account).append("  ").append(decimal(amount, asset));
        out.append(" \"").append(asset.name()).append("\"\n");
    }

    /** Tells hledger how many decimals to show, before it meets the asset for the first time. */
    private void declare(Asset asset) throws IOException {
        if (declared.add(asset)) {
            String example = decimal(Amount.ZERO, asset);
            out.append("\ncommodity ").append(example).append(asset.decimals() == 0 ? ". \"" : " \"");
            out.append(asset.name()).append("\"\n");
        }
    }

    private static String decimal(Amount amount, Asset asset) {
        return RecordedTransaction.decimal(amount, asset).toPlainString();
    }
}
