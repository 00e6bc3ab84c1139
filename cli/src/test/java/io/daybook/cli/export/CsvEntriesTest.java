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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CsvEntriesTest {

    private static final Instant NINE = Instant.parse("2026-01-31T09:00:00Z");

    private final StringBuilder table = new StringBuilder();
    private final CsvEntries writer = new CsvEntries(table);
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

    private void append(LedgerEvent event) throws IOException {
        writer.append(JsonMapper.shared()
                .valueToTree(Map.of(
                        "sequence",
                        ++sequence,
                        "type",
                        EventType.of(event).eventName(),
                        "recordedAt",
                        "2026-02-01T10:00:00Z",
                        "data",
                        event)));
    }

    private static Posting posting(String source, String destination, String asset, String amount) {
        return new Posting(
                new AccountAddress(source), new AccountAddress(destination), new Asset(asset), Amount.parse(amount));
    }
}
