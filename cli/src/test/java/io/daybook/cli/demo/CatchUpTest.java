package io.daybook.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.cli.client.AnsweringServer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.events.LedgerId;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final String LEDGER = "{\"ledger\":\"berka\",\"sequence\":7}";
    private static final String ACCOUNT = "{\"account\":\"bank:cash\",\"balances\":{}}";

    private final AnsweringServer server = new AnsweringServer();
    private final DaybookClient client = server.client();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void ends_when_the_sequence_is_visible_and_every_projection_has_read_all_there_is() {
        server.answersProblem(404, "{\"code\":\"ledger-not-found\"}", Map.of())
                .answersProblem(404, "{\"code\":\"ledger-not-found\"}", Map.of())
                .answersJson(projections(0, 0, 0));
        server.answersJson(LEDGER).answersJson(ACCOUNT).answersJson(projections(0, 0, 3));
        server.answersJson(LEDGER).answersJson(ACCOUNT).answersJson(projections(0, 0, 0));

        new CatchUp(client, new LedgerId("berka")).await(7, "bank:cash");

        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::pathAndQuery)
                .hasSize(9)
                .startsWith("/v1/ledgers/berka", "/v1/ledgers/berka/accounts/bank:cash", "/v1/projections");
    }

    @Test
    void a_projection_that_is_not_there_has_not_caught_up() {
        server.answersJson(LEDGER).answersJson(ACCOUNT).answersJson("{\"data\":[]}");
        server.answersJson(LEDGER).answersJson(ACCOUNT).answersJson(projections(0, 0, 0));

        new CatchUp(client, new LedgerId("berka")).await(7, "bank:cash");

        assertThat(server.asked()).hasSize(6);
    }

    private static String projections(long balances, long books, long audit) {
        return "{\"data\":[" + projection("balances", balances) + "," + projection("books", books) + ","
                + projection("audit", audit) + "]}";
    }

    private static String projection(String name, long lagEvents) {
        return "{\"name\":\"" + name + "\",\"generation\":1,\"state\":\"live\",\"lagEvents\":" + lagEvents
                + ",\"lagMillis\":0,\"rate\":0,\"parked\":0}";
    }
}
