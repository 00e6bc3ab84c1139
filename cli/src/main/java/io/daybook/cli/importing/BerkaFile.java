package io.daybook.cli.importing;

import io.daybook.cli.files.TextFile;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.Amount;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The transactions file of the PKDD'99 Discovery Challenge: columns separated by semicolons, text in double quotes, plain
 * or compressed by gzip.
 *
 * <p>It is read as a stream, a day at a time. The bank did not keep the order within a day, so within one the credits come
 * first here: then an account goes below zero only where the bank itself let it. Within credits and within withdrawals
 * the order is the file's, so two readings give the same sequence.
 */
final class BerkaFile {

    private static final List<String> COLUMNS = List.of(
            "trans_id", "account_id", "date", "type", "operation", "amount", "balance", "k_symbol", "bank", "account");
    private static final DateTimeFormatter YYMMDD = new DateTimeFormatterBuilder()
            .appendValueReduced(ChronoField.YEAR, 2, 2, 1900)
            .appendPattern("MMdd")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);
    /** Where the bank has no account on the other side it writes this. */
    private static final String NO_ACCOUNT = "0";

    private final Path path;

    BerkaFile(Path path) {
        this.path = path;
    }

    /**
     * Gives every transaction in the order in which it is to be posted.
     *
     * @throws CommandFailed if the file cannot be read or a line is not as it must be; the message names the line
     */
    void forEach(Consumer<BerkaTransaction> consumer) {
        List<BerkaTransaction> day = new ArrayList<>();
        try (BufferedReader lines = TextFile.open(path)) {
            int number = 1;
            checkHeader(lines.readLine());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                BerkaTransaction transaction = read(line, ++number);
                if (!day.isEmpty() && !day.getFirst().date().equals(transaction.date())) {
                    give(day, consumer);
                }
                day.add(transaction);
            }
        } catch (NoSuchFileException e) {
            throw new CommandFailed("There is no file " + path + ".\nsamples/ holds one that can be imported.", e);
        } catch (IOException e) {
            throw new CommandFailed(
                    "The file " + path + " cannot be read: " + e + ".\nCheck its name and that it is whole.", e);
        }
        give(day, consumer);
    }

    private static void give(List<BerkaTransaction> day, Consumer<BerkaTransaction> consumer) {
        day.sort(Comparator.comparing(BerkaTransaction::credit).reversed());
        day.forEach(consumer);
        day.clear();
    }

    private void checkHeader(@Nullable String line) {
        if (line == null || !columns(line).equals(COLUMNS)) {
            throw new CommandFailed("The file " + path
                    + " is not the bank's transactions: its first line must name the columns "
                    + String.join(";", COLUMNS) + (line == null ? ", but the file is empty." : ", but is: " + line)
                    + "\nsamples/README.md names where such files come from.");
        }
    }

    private BerkaTransaction read(String line, int number) {
        try {
            return parse(columns(line));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CommandFailed(
                    "Line " + number + " of " + path + " cannot be imported: " + e.getMessage() + ".\nThe line is: "
                            + line
                            + "\nNothing from this line on was imported. Mend it and import again: what is in the ledger stays"
                            + " as it is.",
                    e);
        }
    }

    private static BerkaTransaction parse(List<String> columns) {
        if (columns.size() != COLUMNS.size()) {
            throw new IllegalArgumentException("it has " + columns.size() + " columns instead of " + COLUMNS.size());
        }
        String partnerAccount = columns.get(9);
        BerkaTransaction transaction = new BerkaTransaction(
                Long.parseLong(columns.get(0)),
                Long.parseLong(columns.get(1)),
                LocalDate.parse(columns.get(2), YYMMDD),
                isCredit(columns.get(3)),
                columns.get(4),
                columns.get(7),
                columns.get(8),
                partnerAccount.equals(NO_ACCOUNT) ? "" : partnerAccount,
                haler(columns.get(5)),
                haler(columns.get(6)));
        if (!transaction.amount().isPositive()) {
            throw new IllegalArgumentException("its amount is not positive");
        }
        // What cannot be mapped is found here, where the line is known.
        transaction.bank();
        return transaction;
    }

    private static boolean isCredit(String type) {
        return switch (type) {
            case "PRIJEM" -> true;
            case "VYDAJ", "VYBER" -> false;
            default -> throw new IllegalArgumentException("type '" + type + "' is none of PRIJEM, VYDAJ and VYBER");
        };
    }

    private static Amount haler(String koruna) {
        try {
            return Amount.of(new BigDecimal(koruna).movePointRight(2).toBigIntegerExact());
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("'" + koruna + "' is not an amount of koruna with two decimals", e);
        }
    }

    private static List<String> columns(String line) {
        List<String> columns = new ArrayList<>(COLUMNS.size());
        for (String column : line.split(";", -1)) {
            boolean quoted = column.length() >= 2 && column.startsWith("\"") && column.endsWith("\"");
            columns.add((quoted ? column.substring(1, column.length() - 1) : column).strip());
        }
        return columns;
    }
}
