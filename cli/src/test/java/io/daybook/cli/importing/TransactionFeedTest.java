package io.daybook.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daybook.cli.client.AnsweringServer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.cli.terminal.Progress;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.LedgerId;
import io.daybook.events.Posting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TransactionFeedTest {

    private final AnsweringServer server = new AnsweringServer();
    private final DaybookClient client = server.client();
    private final Progress progress = Progress.of("Importing", "transactions", 1_001);
    private final TransactionFeed feed = new TransactionFeed(client, new LedgerId("acme"), progress);

    @AfterEach
    void close() {
        feed.close();
        client.close();
        server.close();
    }

    @Test
    void transactions_arrive_in_order_in_full_batches_and_the_rest() {
        server.answersJson(accepted(500, 501)).answersJson(accepted(500, 1_001)).answersJson(accepted(1, 1_002));

        for (int i = 0; i < 1_001; i++) {
            feed.post(transaction(i));
        }
        long sequence = feed.finish();

        assertThat(sequence).isEqualTo(1_002);
        List<String> references = server.asked().stream()
                .map(asked -> JsonMapper.shared().readTree(asked.body()).path("transactions"))
                .flatMap(JsonNode::valueStream)
                .map(transaction -> transaction.path("reference").asString(""))
                .toList();
        assertThat(references).hasSize(1_001).startsWith("r0", "r1").endsWith("r999", "r1000");
        String last = "{\"id\":\"00000000-0000-0000-0000-0000000003e8\",\"reference\":\"r1000\","
                + "\"effectiveAt\":\"1993-01-01T00:00:00Z\",\"metadata\":{\"k\":\"v\"},\"postings\":"
                + "[{\"source\":\"b\",\"destination\":\"a\",\"asset\":\"CZK/2\",\"amount\":\"700\"}]}";
        assertThat(JsonMapper.shared().readTree(server.asked().getLast().body()))
                .isEqualTo(JsonMapper.shared().readTree("{\"transactions\":[" + last + "]}"));
    }

    @Test
    void a_refused_transaction_ends_the_import_and_is_named() {
        server.answersJson("{\"results\":[{\"status\":201,\"transaction\":{}},{\"status\":422,\"problem\":{\"code\":"
                + "\"insufficient-funds\",\"detail\":\"b has 0 CZK/2, 700 are needed\"}}],\"sequence\":2}");
        feed.post(transaction(0));
        feed.post(transaction(1));

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(feed::finish)
                .withMessage("1 of 2 transactions were refused, and the import ended there. First of them:\n"
                        + "  r1: 422 insufficient-funds: b has 0 CZK/2, 700 are needed\n"
                        + "What was posted stays. Mend the cause and import again: nothing is posted twice.");
    }

    @Test
    void a_transaction_without_an_answer_is_not_taken_for_posted() {
        server.answersJson(accepted(1, 2));
        feed.post(transaction(0));
        feed.post(transaction(1));

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(feed::finish)
                .withMessageContaining("2 transactions were sent, but 1 were answered for");
    }

    private static String accepted(int count, long sequence) {
        return Stream.generate(() -> "{\"status\":201,\"transaction\":{}}")
                .limit(count)
                .collect(Collectors.joining(",", "{\"results\":[", "],\"sequence\":" + sequence + "}"));
    }

    private static NewTransaction transaction(int number) {
        return new NewTransaction(
                new UUID(0, number),
                "r" + number,
                Instant.parse("1993-01-01T00:00:00Z"),
                Map.of("k", "v"),
                List.of(new Posting(
                        new AccountAddress("b"), new AccountAddress("a"), BerkaTransaction.KORUNA, Amount.of(700))));
    }
}
