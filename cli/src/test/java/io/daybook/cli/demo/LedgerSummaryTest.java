package io.daybook.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.cli.client.AnsweringServer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerSummaryTest {

    private static final Asset CZK = new Asset("CZK/2");

    @Test
    void are_read_page_by_page_from_a_read_model_that_has_come_far_enough() {
        try (AnsweringServer server = new AnsweringServer();
                DaybookClient client = server.client()) {
            server.answersJson("{\"ledger\":\"berka\",\"sequence\":7,\"accounts\":2,\"transactions\":4}")
                    .answersJson("{\"data\":[" + account("accounts:1", "700") + "],\"next\":\"a/b=\"}")
                    .answersJson("{\"data\":[" + account("bank:cash", "-700") + "],\"next\":null}")
                    .answersJson("{\"ledger\":\"berka\",\"prefix\":\"\",\"balances\":{\"CZK/2\":"
                            + "{\"balance\":\"0\",\"input\":\"700\",\"output\":\"700\"}},\"sequence\":7}");

            LedgerSummary books = LedgerSummary.read(client, new LedgerId("berka"), 5);

            assertThat(books.transactions()).isEqualTo(4);
            assertThat(books.sequence()).isEqualTo(7);
            assertThat(books.sumToZero()).isTrue();
            assertThat(books.balances())
                    .isEqualTo(Map.of(
                            new AccountAddress("accounts:1"), Map.of(CZK, Amount.of(700)),
                            new AccountAddress("bank:cash"), Map.of(CZK, Amount.of(-700))));
            assertThat(server.asked())
                    .extracting(AnsweringServer.Asked::pathAndQuery)
                    .containsExactly(
                            "/v1/ledgers/berka",
                            "/v1/ledgers/berka/accounts?limit=1000",
                            "/v1/ledgers/berka/accounts?limit=1000&cursor=a%2Fb%3D",
                            "/v1/ledgers/berka/balances");
            assertThat(server.asked()).allSatisfy(asked -> assertThat(asked.headers())
                    .containsEntry("Min-ledger-sequence", List.of("5")));
        }
    }

    private static String account(String name, String balance) {
        return "{\"account\":\"" + name + "\",\"balances\":{\"CZK/2\":{\"balance\":\"" + balance
                + "\",\"held\":\"0\",\"available\":\"0\",\"input\":\"0\",\"output\":\"0\"}},\"metadata\":{},\"sequence\":7}";
    }
}
