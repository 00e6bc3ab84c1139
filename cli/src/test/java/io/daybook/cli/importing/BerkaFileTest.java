package io.daybook.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Posting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BerkaFileTest {

    private static final String HEADER = """
            "trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";"account"
            """;

    @TempDir
    Path folder;

    @Test
    void a_credit_comes_from_the_bank() throws IOException {
        NewTransaction transaction = only("""
                637742;2177;930105;"PRIJEM";"PREVOD Z UCTU";5123.00;5923.00;"DUCHOD";"YZ";"62457513"
                """).toNewTransaction();

        assertThat(transaction.reference()).isEqualTo("berka:637742");
        assertThat(transaction.effectiveAt()).isEqualTo(Instant.parse("1993-01-05T00:00:00Z"));
        assertThat(transaction.metadata())
                .isEqualTo(Map.of("operation", "PREVOD Z UCTU", "k_symbol", "DUCHOD", "account", "62457513"));
        assertThat(transaction.postings())
                .containsExactly(new Posting(
                        new AccountAddress("bank:transfers:YZ"),
                        new AccountAddress("accounts:2177"),
                        BerkaTransaction.KORUNA,
                        Amount.of(512300)));
    }

    @Test
    void a_withdrawal_goes_to_the_bank() throws IOException {
        NewTransaction transaction = only("""
                519419;1773;931231;"VYDAJ";"VYBER";14.60;-24277.80;"SLUZBY";;"0"
                """).toNewTransaction();

        assertThat(transaction.metadata()).isEqualTo(Map.of("operation", "VYBER", "k_symbol", "SLUZBY"));
        assertThat(transaction.postings())
                .containsExactly(new Posting(
                        new AccountAddress("accounts:1773"),
                        new AccountAddress("bank:fees"),
                        BerkaTransaction.KORUNA,
                        Amount.of(1460)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    PRIJEM | VKLAD          |             |    | bank:cash
                    VYDAJ  | VYBER          |             |    | bank:cash
                    VYBER  | VYBER          |             |    | bank:cash
                    VYDAJ  | VYBER          | SIPO        |    | bank:cash
                    VYDAJ  | VYBER KARTOU   |             |    | bank:cards
                    PRIJEM | PREVOD Z UCTU  | DUCHOD      | AB | bank:transfers:AB
                    VYDAJ  | PREVOD NA UCET | UVER        | QR | bank:transfers:QR
                    VYDAJ  | PREVOD NA UCET | ' '         |    | bank:transfers:unknown
                    PRIJEM |                | UROK        |    | bank:interest
                    VYDAJ  | VYBER          | SLUZBY      |    | bank:fees
                    VYDAJ  | VYBER          | SANKC. UROK |    | bank:penalty-interest
                    """)
    void what_was_done_names_the_banks_account(
            String type, String operation, String symbol, String bank, String expected) throws IOException {
        BerkaTransaction transaction = only("1;2;930101;\"%s\";\"%s\";1.00;1.00;\"%s\";\"%s\";;"
                .formatted(type, text(operation), text(symbol), text(bank))
                .replaceFirst(";$", ""));

        assertThat(transaction.bank()).isEqualTo(new AccountAddress(expected));
    }

    @Test
    void the_same_line_has_the_same_id_at_every_import_and_no_other_line_has_it() throws IOException {
        String line = "695247;2378;930101;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;\n";

        NewTransaction first = only(line).toNewTransaction();
        NewTransaction second = only(line).toNewTransaction();
        NewTransaction other = only(line.replace("695247", "695248")).toNewTransaction();

        assertThat(second).isEqualTo(first);
        assertThat(other.id()).isNotEqualTo(first.id());
    }

    @Test
    void within_a_day_credits_come_first_and_else_the_order_is_the_files() throws IOException {
        List<Long> ids = read("""
                1;7;930101;"VYDAJ";"VYBER";1.00;0.00;"";;
                2;8;930101;"PRIJEM";"VKLAD";1.00;0.00;"";;
                3;7;930101;"PRIJEM";"VKLAD";1.00;0.00;"";;
                4;7;930102;"VYDAJ";"VYBER";1.00;0.00;"";;
                5;7;930102;"VYDAJ";"VYBER";1.00;0.00;"";;
                6;7;930103;"PRIJEM";"VKLAD";1.00;0.00;"";;
                """).stream().map(BerkaTransaction::id).toList();

        assertThat(ids).containsExactly(2L, 3L, 1L, 4L, 5L, 6L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    1;2;930101;"PRIJEM";"VKLAD";1.00                      | it has 6 columns instead of 10
                    1;2;930231;"PRIJEM";"VKLAD";1.00;1.00;"";;            | 930231
                    1;2;930101;"GIFT";"VKLAD";1.00;1.00;"";;              | type 'GIFT' is none of PRIJEM, VYDAJ and VYBER
                    1;2;930101;"PRIJEM";"BARTER";1.00;1.00;"";;           | operation 'BARTER' with k_symbol '' is none
                    1;2;930101;"PRIJEM";"VKLAD";0.00;1.00;"";;            | its amount is not positive
                    1;2;930101;"PRIJEM";"VKLAD";1.001;1.00;"";;           | '1.001' is not an amount of koruna with two decimals
                    1;2;930101;"PRIJEM";"PREVOD Z UCTU";1.00;1.00;"";"!"; | an account is segments of
                    """)
    void a_line_that_cannot_be_imported_is_named(String line, String problem) {
        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> read("1;2;930101;\"PRIJEM\";\"VKLAD\";1.00;1.00;\"\";;\n" + line))
                .withMessageContaining("Line 3 of")
                .withMessageContaining(problem)
                .withMessageContaining(line);
    }

    @Test
    void a_file_of_something_else_is_refused() throws IOException {
        Path file = Files.writeString(folder.resolve("other.csv"), "id,amount\n1,2\n");

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> new BerkaFile(file).forEach(transaction -> {}))
                .withMessageContaining("its first line must name the columns trans_id;account_id")
                .withMessageContaining("but is: id,amount");
        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> new BerkaFile(folder.resolve("none.csv")).forEach(transaction -> {}))
                .withMessageStartingWith("There is no file " + folder.resolve("none.csv"));
    }

    private BerkaTransaction only(String line) throws IOException {
        List<BerkaTransaction> transactions = read(line);
        assertThat(transactions).hasSize(1);
        return transactions.getFirst();
    }

    private List<BerkaTransaction> read(String lines) throws IOException {
        Path file = Files.writeString(folder.resolve("transactions.csv"), HEADER + lines);
        List<BerkaTransaction> transactions = new ArrayList<>();
        new BerkaFile(file).forEach(transactions::add);
        return transactions;
    }

    private static String text(String cell) {
        return cell == null ? "" : cell;
    }

    /** Keeps the reading of two-digit years honest. */
    @Test
    void years_are_of_the_last_century() throws IOException {
        assertThat(only("1;2;980228;\"PRIJEM\";\"VKLAD\";1.00;1.00;\"\";;\n").date())
                .isEqualTo(LocalDate.of(1998, 2, 28));
    }
}
