package io.daybook.cli.export;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
final class HledgerJournal {

    private final Appendable out;
    private final JsonMapper json = JsonMapper.shared();
    private final Set<Asset> declared = new HashSet<>();

    HledgerJournal(Appendable out) {
        this.out = out;
    }

    /** Writes what stands before all entries. */
    void begin(String ledger) throws IOException {
        out.append("; Ledger ").append(ledger).append(", exported by Daybook\n");
        // Without it hledger has to guess whether the point of 1.000 is a decimal mark.
        out.append("decimal-mark .\n");
    }

    /**
     * Writes one event of the API, which may be nothing: a journal holds what moved money.
     *
     * @throws CommandFailed if the event is of a kind that this version does not know, and which may have moved money
     */
    void append(JsonNode event) throws IOException {
        switch (read(event)) {
            case TransactionPosted transaction -> write(event.path("sequence").asLong(0), transaction);
            case LedgerOpened _, AccountConfigured _ -> {}
        }
    }

    private LedgerEvent read(JsonNode event) {
        try {
            EventType type = EventType.named(event.path("type").asString(""));
            return json.treeToValue(event.path("data"), type.eventClass());
        } catch (IllegalArgumentException | JacksonException e) {
            throw new CommandFailed(
                    "Event " + event.path("sequence").asLong(0) + " cannot be exported: " + e.getMessage()
                            + ".\nLeaving it out could make balances wrong, so the export ended there.",
                    e);
        }
    }

    private void write(long sequence, TransactionPosted transaction) throws IOException {
        for (Posting posting : transaction.postings()) {
            declare(posting.asset());
        }
        String name = transaction.reference() == null ? transaction.id().toString() : transaction.reference();
        LocalDate date = LocalDate.ofInstant(transaction.effectiveAt(), ZoneOffset.UTC);
        out.append('\n').append(date.toString());
        out.append(" (").append(Long.toString(sequence)).append(") ");
        escape(name, true);
        out.append("\n    ; id: ").append(transaction.id().toString()).append('\n');
        for (var entry : transaction.metadata().entrySet()) {
            out.append("    ; ");
            escape(entry.getKey(), false);
            out.append(": ");
            escape(entry.getValue(), false);
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
        return new BigDecimal(amount.toBigInteger(), asset.decimals()).toPlainString();
    }

    private void escape(String text, boolean inDescription) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isUnsafe(c) || inDescription && c == ';') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }

    private static boolean isUnsafe(char c) {
        int type = Character.getType(c);
        return type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }
}
