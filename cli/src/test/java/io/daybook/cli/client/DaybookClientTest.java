package io.daybook.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DaybookClientTest {

    private final AnsweringServer server = new AnsweringServer();
    private final DaybookClient client = server.client();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void gives_the_body_and_how_far_the_ledger_had_come() {
        server.answersJson("{\"ledger\":\"acme\"}");

        Answer answer = client.get("/v1/ledgers/acme");

        assertThat(answer.body().path("ledger").asString("")).isEqualTo("acme");
        assertThat(answer.ledgerSequence()).hasValue(7);
        AnsweringServer.Asked asked = server.asked().getFirst();
        assertThat(asked.method()).isEqualTo("GET");
        assertThat(asked.headers()).containsEntry("Authorization", java.util.List.of("Bearer a-token"));
    }

    @Test
    void sends_json_with_the_given_headers() {
        server.answersJson("{}");

        client.put("/v1/ledgers/acme/accounts/bank", Map.of("overdraft", "unlimited"), Map.of("Idempotency-Key", "k"));

        AnsweringServer.Asked asked = server.asked().getFirst();
        assertThat(asked.method()).isEqualTo("PUT");
        assertThat(asked.pathAndQuery()).isEqualTo("/v1/ledgers/acme/accounts/bank");
        assertThat(asked.body()).isEqualTo("{\"overdraft\":\"unlimited\"}");
        assertThat(asked.headers().get("Content-type")).containsExactly("application/json");
        assertThat(asked.headers().get("Idempotency-key")).containsExactly("k");
    }

    @Test
    void tries_again_when_the_server_says_so() {
        server.answersProblem(429, "{\"code\":\"overloaded\"}", Map.of("Retry-After", "1"))
                .answersProblem(503, "{\"code\":\"unavailable\"}", Map.of())
                .answersJson("{\"done\":true}");

        long startedNanos = System.nanoTime();
        Answer answer = client.post("/v1/ledgers/acme/transactions", Map.of());

        assertThat(answer.body().path("done").asBoolean(false)).isTrue();
        assertThat(server.asked()).hasSize(3);
        assertThat(System.nanoTime() - startedNanos).isGreaterThan(1_000_000_000L);
    }

    @Test
    void gives_up_when_the_server_asks_for_more_patience_than_there_is() {
        server.answersProblem(
                503,
                "{\"code\":\"projection-behind\",\"detail\":\"the books are at 3, 9 was asked for\"}",
                Map.of("Retry-After", "3600"));

        RequestFailed failure = failureOf("/v1/ledgers/acme");

        assertThat(failure)
                .hasMessage("GET " + server.uri() + "/v1/ledgers/acme was refused: 503 projection-behind: "
                        + "the books are at 3, 9 was asked for");
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void tells_a_problem_with_the_fields_that_are_wrong() {
        server.answersProblem(400, """
                {"type":"https://daybook.io/problems/invalid-field","title":"A field is not valid","status":400,
                 "detail":"2 fields are not valid","code":"invalid-field",
                 "errors":[{"field":"postings[0].amount","message":"is not positive"},
                           {"field":"postings[1].asset","message":"is missing"}]}
                """, Map.of());

        RequestFailed failure = failureOf("/v1/ledgers/acme");

        assertThat(failure)
                .hasMessage("GET " + server.uri() + "/v1/ledgers/acme was refused: 400 invalid-field: 2 fields are not"
                        + " valid\n  postings[0].amount: is not positive\n  postings[1].asset: is missing");
        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.code()).isEqualTo("invalid-field");
    }

    @Test
    void says_that_it_was_not_Daybook_that_refused() {
        server.answers(502, "text/html", "<html>\n<h1>502 Bad Gateway</h1></html>", Map.of());

        assertThat(failureOf("/v1/ledgers/acme"))
                .hasMessageContaining("502, not by Daybook itself: <html> <h1>502 Bad Gateway</h1></html>")
                .hasMessageContaining("Check that --url");
    }

    @Test
    void says_that_an_answer_is_not_json() {
        server.answers(200, "text/html", "<html>Welcome</html>", Map.of());

        assertThat(failureOf("/v1/ledgers"))
                .hasMessageContaining("was answered with 200, but not in JSON: <html>Welcome</html>");
    }

    @Test
    void says_that_nothing_runs_there() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (DaybookClient nobody = new DaybookClient(URI.create("http://127.0.0.1:" + port), "a-token")) {
            assertThatExceptionOfType(RequestFailed.class)
                    .isThrownBy(() -> nobody.get("/v1/ledgers"))
                    .withMessage("Nothing answers at http://127.0.0.1:" + port + " (GET http://127.0.0.1:" + port
                            + "/v1/ledgers).\nStart Daybook with './daybook up', or name a running one with --data or"
                            + " --url.");
        }
    }

    @Test
    void says_that_the_connection_broke() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DaybookClient broken =
                        new DaybookClient(URI.create("http://127.0.0.1:" + listening.getLocalPort()), "a-token")) {
            Thread.ofVirtual().start(() -> hangUpOnEveryone(listening));

            assertThatExceptionOfType(RequestFailed.class)
                    .isThrownBy(() -> broken.post("/v1/ledgers/acme/transactions", Map.of()))
                    .withMessageContaining("lost its connection before the answer came")
                    .withMessageContaining("the same command can be run again");
        }
    }

    private static void hangUpOnEveryone(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket caller = listening.accept()) {
                caller.getInputStream().read();
            } catch (IOException e) {
                return;
            }
        }
    }

    private RequestFailed failureOf(String path) {
        return catchThrowableOfType(RequestFailed.class, () -> client.get(path));
    }
}
