package io.daybook.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DemoReportTest {

    private static final Asset CZK = new Asset("CZK/2");

    private final SortedMap<AccountAddress, Map<Asset, Amount>> balances = new TreeMap<>();

    @Test
    void tells_the_books_on_a_page_of_a_hundred_columns() {
        balance("accounts:1", 1_234_567_89);
        balance("accounts:2", 5_00);
        balance("accounts:3", 7_00);
        balance("accounts:4", 9_00);
        balance("accounts:5", 6_00);
        balance("accounts:6", -1_00);
        balance("bank:cash", -1_234_608_09);
        balance("bank:fees", 14_60);
        balance("bank:interest", -4_40);
        balance("bank:transfers:AB", 1_00);
        balance("bank:transfers:CD", 3_00);
        LedgerSummary books = new LedgerSummary(28_223, 28_205, new TreeMap<>(Map.of(CZK, Amount.ZERO)), balances);

        String page = DemoReport.of(
                new LedgerId("berka"),
                URI.create("http://127.0.0.1:8080"),
                books,
                List.of(
                        new ProjectionLine("balances", 1, "live", 0, 0),
                        new ProjectionLine("audit", 2, "live", 1_200, 0)));

        assertThat(page.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(page).isEqualTo("""
                        The books of ledger berka
                          transactions        28,205
                          accounts                11
                          sequence            28,223

                        Where the money is, in CZK
                          accounts:*                        6         1,234,593.89   what the bank owes its clients
                          bank:cash                                  -1,234,608.09   cash paid out, less cash paid in
                          bank:transfers:*                  2                 4.00   transfers sent, less received
                          bank:interest                                      -4.40   interest paid to clients
                          bank:fees                                          14.60   fees for statements and services
                          sum                                                 0.00   zero, as it must be

                        The five largest accounts of clients, in CZK
                          accounts:1                                  1,234,567.89
                          accounts:4                                          9.00
                          accounts:3                                          7.00
                          accounts:5                                          6.00
                          accounts:2                                          5.00

                        How far each book is
                          projection   generation   state        still to read    parked
                          balances              1   live         nothing          0
                          audit                 2   live         1,200 events     0

                        Look at it
                          the ledger        http://127.0.0.1:8080/v1/ledgers/berka
                          its accounts      http://127.0.0.1:8080/v1/ledgers/berka/accounts
                          one account       http://127.0.0.1:8080/v1/ledgers/berka/accounts/accounts:1
                          its statement     http://127.0.0.1:8080/v1/ledgers/berka/accounts/accounts:1/entries
                          transactions      http://127.0.0.1:8080/v1/ledgers/berka/transactions
                          sums by prefix    http://127.0.0.1:8080/v1/ledgers/berka/balances?prefix=bank:transfers:
                          the history       http://127.0.0.1:8080/v1/ledgers/berka/events
                          search            http://127.0.0.1:8080/v1/audit?q=%22accounts%3A1%22
                          projections       http://127.0.0.1:8080/v1/projections
                        """);
    }

    @Test
    void says_so_when_the_sum_is_not_zero() {
        balance("accounts:1", 7_00);
        LedgerSummary books = new LedgerSummary(3, 1, new TreeMap<>(Map.of(CZK, Amount.of(7_00))), balances);

        assertThat(books.sumToZero()).isFalse();
        assertThat(DemoReport.of(new LedgerId("berka"), URI.create("http://127.0.0.1:8080"), books, List.of()))
                .contains("7.00   NOT ZERO: something is wrong");
    }

    private void balance(String account, long haler) {
        balances.put(new AccountAddress(account), Map.of(CZK, Amount.of(haler)));
    }
}
