package io.daybook.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daybook.cli.client.AnsweringServer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryImportTest {

    private final AnsweringServer server = new AnsweringServer();
    private final DaybookClient client = server.client();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private HistoryImport importOf(Path file) {
        return new HistoryImport(client, new LedgerId("acme"), file);
    }

    private static List<String> lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "{\"ledger\":\"acme\",\"sequence\":" + i + "}")
                .toList();
    }

    private static String answer(int recorded, int repeated, int sequence) {
        return "{\"ledger\":\"acme\",\"recorded\":%d,\"repeated\":%d,\"sequence\":%d,\"hash\":\"h%d\"}"
                .formatted(recorded, repeated, sequence, sequence);
    }

    @Test
    void lines_arrive_as_they_are_in_pieces_and_the_last_one_says_that_it_is() throws IOException {
        List<String> lines = lines(2_001);
        Path file = Files.write(folder.resolve("acme.ndjson"), lines);
        server.answersJson(answer(0, 1_000, 1_000))
                .answersJson(answer(900, 100, 2_000))
                .answersJson(answer(1, 0, 2_001).replace("}", ",\"remembered\":7}"));

        HistoryImport.Outcome outcome = importOf(file).run();

        assertThat(outcome).isEqualTo(new HistoryImport.Outcome(2_001, 901, 7, 2_001, "h2001"));
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::pathAndQuery)
                .containsExactly(
                        "/v1/ledgers/acme/events", "/v1/ledgers/acme/events", "/v1/ledgers/acme/events?complete=true");
        assertThat(server.asked())
                .allSatisfy(asked ->
                        assertThat(asked.headers().get("Content-type")).containsExactly("application/x-ndjson"));
        assertThat(server.asked().stream().flatMap(asked -> asked.body().lines()))
                .isEqualTo(lines);
    }

    @Test
    void a_compressed_file_with_large_events_is_sent_in_smaller_pieces() throws IOException {
        String line = "{\"data\":\"" + "x".repeat(3 * 1024 * 1024) + "\"}\n";
        Path file = folder.resolve("acme.ndjson.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 4; i++) {
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        server.answersJson(answer(3, 0, 3)).answersJson(answer(1, 0, 4));

        assertThat(importOf(file).run().events()).isEqualTo(4);
        assertThat(server.asked())
                .extracting(asked -> asked.body().lines().count())
                .containsExactly(3L, 1L);
    }

    @Test
    void a_refusal_ends_the_import_and_tells_where_and_what_to_do() throws IOException {
        Path file = Files.write(folder.resolve("acme.ndjson"), lines(1_500));
        server.answersJson(answer(1_000, 0, 1_000))
                .answersProblem(
                        422, "{\"code\":\"broken-chain\",\"detail\":\"event 1007 cannot be taken over\"}", Map.of());

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> importOf(file).run())
                .withMessageContaining("422 broken-chain: event 1007 cannot be taken over")
                .withMessageContaining("lines 1,001 to 1,500")
                .withMessageContaining("goes on where it ended")
                .withMessageContaining("nothing else is recorded in ledger acme. To give the import up:")
                .withMessageContaining("'" + client.base() + "/v1/ledgers/acme/events?complete=true'");
    }

    @Test
    void a_file_that_is_not_there_or_empty_is_told_of() throws IOException {
        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> importOf(folder.resolve("nothing")).run())
                .withMessageContaining("There is no file");
        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() ->
                        importOf(Files.createFile(folder.resolve("empty"))).run())
                .withMessageContaining("is empty");
    }
}
