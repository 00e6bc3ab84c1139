package io.daybook.cli.export;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a ledger's history for beancount. A transaction is one entry there too: its date is the effective one (UTC), its
 * narration the reference or else the id, and every posting a pair of lines. Metadata stand in comments, as beancount
 * knows few names for them.
 *
 * <p>Beancount has narrower names than Daybook. {@code world} is {@code Equity:World}; any other account is under {@code
 * Assets}, with a capital at the beginning of each segment and a hyphen for an underscore, and has a number at its end if
 * another one has that name already; Daybook's own name stands with it as metadata. {@code USD/2} is {@code USD.2}; {@code
 * P} and {@code TRUE}, which are no commodities there, are {@code P_0} and {@code TRUE_0}.
 *
 * <p>Beancount counts with 28 digits. What has more is not written, as its balances would be wrong.
 */
final class BeancountJournal implements TransactionFormat {

    /** The first day of effective times, so that an account is open whatever the date of its transactions. */
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);

    private static final int MAX_DIGITS = 28;

    /** Where a commodity stands, beancount reads these as values. Its other words are in small letters. */
    private static final Set<String> RESERVED = Set.of("TRUE", "FALSE", "NULL");

    private final Appendable out;
    private final Map<AccountAddress, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    BeancountJournal(Appendable out) {
        this.out = out;
    }

    @Override
    public void begin(String ledger) throws IOException {
        out.append("; Ledger ").append(ledger).append(", exported by Daybook\n");
        out.append("option \"title\" \"").append(ledger).append("\"\n");
    }

    @Override
    public void write(RecordedTransaction recorded) throws IOException {
        Transaction transaction = recorded.transaction();
        LocalDate date = LocalDate.ofInstant(transaction.effectiveAt(), ZoneOffset.UTC);
        for (Posting posting : transaction.postings()) {
            open(posting.source());
            open(posting.destination());
        }
        out.append('\n').append(date.toString()).append(" * \"");
        out.append(inQuotes(recorded.name()));
        out.append("\"\n  id: \"").append(transaction.id().toString()).append("\"\n");
        out.append("  sequence: ").append(Long.toString(recorded.sequence())).append('\n');
        if (transaction.reverses() != null) {
            out.append("  reverses: \"")
                    .append(transaction.reverses().toString())
                    .append("\"\n");
        }
        if (transaction.hold() != null) {
            out.append("  hold: \"").append(transaction.hold().toString()).append("\"\n");
        }
        for (Map.Entry<String, String> entry : transaction.metadata().entrySet()) {
            out.append("  ; ");
            PlainText.escape(entry.getKey(), '\0', out);
            out.append(": ");
            PlainText.escape(entry.getValue(), '\0', out);
            out.append('\n');
        }
        for (Posting posting : transaction.postings()) {
            write(posting.source(), posting.amount().negated(), posting.asset(), transaction);
            write(posting.destination(), posting.amount(), posting.asset(), transaction);
        }
    }

    /** As it is in comments, and then as beancount's strings have it. */
    private static String inQuotes(String text) throws IOException {
        StringBuilder line = new StringBuilder();
        PlainText.escape(text, '\0', line);
        return line.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private void write(AccountAddress account, Amount amount, Asset asset, Transaction transaction) throws IOException {
        BigDecimal decimal = RecordedTransaction.decimal(amount, asset);
        if (decimal.precision() > MAX_DIGITS) {
            throw new CommandFailed("Transaction " + transaction.id() + " moves " + decimal.toPlainString() + " "
                    + asset.code() + ", and beancount counts with " + MAX_DIGITS
                    + " digits.\nExport the ledger with --format hledger, csv or ndjson instead.");
        }
        out.append("  ").append(names.get(account)).append("  ").append(decimal.toPlainString());
        out.append(' ').append(commodity(asset)).append('\n');
    }

    /** A commodity has two to 24 characters, may have a point and an underscore in it, and ends in neither. */
    static String commodity(Asset asset) {
        String name = asset.name();
        return name.length() == 1 || RESERVED.contains(name) ? name + "_0" : name.replace('/', '.');
    }

    private void open(AccountAddress account) throws IOException {
        if (names.containsKey(account)) {
            return;
        }
        String wanted = account.isWorld()
                ? "Equity:World"
                : Arrays.stream(account.value().split(":"))
                        .map(BeancountJournal::segment)
                        .collect(Collectors.joining(":", "Assets:", ""));
        String name = wanted;
        for (int number = 2; !taken.add(name); number++) {
            name = wanted + "-" + number;
        }
        names.put(account, name);
        out.append('\n').append(FIRST_DAY.toString()).append(" open ").append(name);
        out.append("\n  daybook: \"").append(account.value()).append("\"\n");
    }

    /** Begins with a capital or a digit, and has letters, digits and hyphens. */
    private static String segment(String segment) {
        String text = segment.replace('_', '-');
        char first = text.charAt(0);
        return first == '-' ? "X" + text : Character.toUpperCase(first) + text.substring(1);
    }
}
