package io.daybook.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.EventType;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.LedgerEvent.TransactionReversed;
import io.daybook.events.Posting;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CsvEntriesTest {

    private static final Instant NINE = Instant.parse("2026-01-31T09:00:00Z");

    private final StringBuilder table = new StringBuilder();
    private final CsvEntries writer = new CsvEntries(table, true);
    private long sequence;

    @Test
    void every_posting_is_two_rows_that_sum_to_zero_and_text_is_kept_as_it_is() throws IOException {
        writer.begin("acme");
        append(new LedgerOpened(null, Map.of()));
        append(new TransactionPosted(
                new UUID(0, 1),
                "said \"hi\", then\nleft",
                List.of(posting("world", "users:42", "USD/2", "1050"), posting("users:42", "fees", "POINTS", "3")),
                NINE,
                Map.of("k", "v,w")));
        append(new TransactionReversed(
                new UUID(0, 2), new UUID(0, 1), List.of(posting("users:42", "world", "USD/2", "1")), NINE, Map.of()));

        String at = "2026-01-31T09:00:00Z,2026-02-01T10:00:00Z";
        String text = "\"said \"\"hi\"\", then\nleft\",,";
        String metadata = "\"{\"\"k\"\":\"\"v,w\"\"}\"";
        String first = "2,00000000-0000-0000-0000-000000000001," + at + "," + text;
        String second = "3,00000000-0000-0000-0000-000000000002," + at + ",,00000000-0000-0000-0000-000000000001,";
        assertThat(table.toString().split("\r\n"))
                .containsExactly(
                        "sequence,transaction,effectiveAt,recordedAt,reference,reverses,hold,account,asset,amount,metadata",
                        first + ",world,USD/2,-10.50," + metadata,
                        first + ",users:42,USD/2,10.50," + metadata,
                        first + ",users:42,POINTS,-3," + metadata,
                        first + ",fees,POINTS,3," + metadata,
                        second + ",users:42,USD/2,-0.01,",
                        second + ",world,USD/2,0.01,");
    }

    /** Those of OWASP's page on CSV injection, and what looks like them: a reference, and its cell. */
    static Stream<Arguments> references() {
        return Stream.of(
                Arguments.of("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
                Arguments.of("+1", "'+1"),
                Arguments.of("-2+3", "'-2+3"),
                Arguments.of("@SUM(A1)", "'@SUM(A1)"),
                Arguments.of("\t=1", "'\t=1"),
                Arguments.of("\r=1", "\"'\r=1\""),
                Arguments.of("\n=1", "\"'\n=1\""),
                Arguments.of("\uff1d1", "'\uff1d1"),
                Arguments.of("\uff0b1", "'\uff0b1"),
                Arguments.of("\uff0d1", "'\uff0d1"),
                Arguments.of("\uff20a", "'\uff20a"),
                Arguments.of("=1,\"2\"", "\"'=1,\"\"2\"\"\""),
                Arguments.of("a=1", "a=1"),
                Arguments.of("'=1", "'=1"),
                Arguments.of(" =1", " =1"),
                Arguments.of("1-2", "1-2"));
    }

    @ParameterizedTest
    @MethodSource("references")
    void no_spreadsheet_runs_a_reference_or_an_account_and_amounts_stay_numbers(String reference, String cell)
            throws IOException {
        TransactionPosted posted = new TransactionPosted(
                new UUID(0, 1), reference, List.of(posting("-1:a", "world", "USD/2", "1050")), NINE, Map.of("=", "="));
        StringBuilder unguarded = new StringBuilder();

        append(posted);
        new CsvEntries(unguarded, false).append(event(posted));

        String row = ",%s,,,%s,USD/2,-10.50,\"{\"\"=\"\":\"\"=\"\"}\"\r\n";
        assertThat(table.toString()).contains("Z" + row.formatted(cell, "'-1:a"));
        assertThat(unguarded.toString())
                .contains("Z" + row.formatted(cell.equals(reference) ? cell : cell.replaceFirst("'", ""), "-1:a"));
    }

    private void append(LedgerEvent event) throws IOException {
        writer.append(event(event));
    }

    private JsonNode event(LedgerEvent event) {
        return JsonMapper.shared()
                .valueToTree(Map.of(
                        "sequence",
                        ++sequence,
                        "type",
                        EventType.of(event).eventName(),
                        "recordedAt",
                        "2026-02-01T10:00:00Z",
                        "data",
                        event));
    }

    private static Posting posting(String source, String destination, String asset, String amount) {
        return new Posting(
                new AccountAddress(source), new AccountAddress(destination), new Asset(asset), Amount.parse(amount));
    }
}
