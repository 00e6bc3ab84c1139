package io.daybook.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daybook.cli.client.AnsweringServer;
import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.events.LedgerId;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventPagesTest {

    private static final LedgerId ACME = new LedgerId("acme");
    private static final String OPENED =
            "{\"sequence\":1,\"id\":\"a\",\"type\":\"daybook.ledger-opened.v1\",\"data\":{\"metadata\":{}},\"hash\":\"01\"}";
    private static final String CONFIGURED = "{\"sequence\":2,\"id\":\"b\",\"type\":\"daybook.account-configured.v1\","
            + "\"data\":{\"account\":\"bank\",\"closed\":false},\"hash\":\"02\"}";

    private final AnsweringServer server = new AnsweringServer();
    private final DaybookClient client = server.client();
    private final EventPages history = new EventPages(client, ACME);
    private final StringWriter out = new StringWriter();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void ndjson_is_every_event_as_the_api_gives_it_with_its_ledger_page_by_page() throws IOException {
        server.answersJson("{\"data\":[" + OPENED + "],\"next\":\"x\"}")
                .answersJson("{\"data\":[],\"next\":null}")
                .answersJson("{\"data\": [ " + CONFIGURED + " ], \"next\": null}")
                .answersJson("{\"data\":[],\"next\":null}");

        ExportCommand.write(history, ExportCommand.Format.ndjson, ACME, true, out);

        assertThat(out).hasToString(ofAcme(OPENED) + "\n" + ofAcme(CONFIGURED) + "\n");
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::pathAndQuery)
                .containsExactly(
                        "/v1/ledgers/acme/events?after=0&limit=1000",
                        "/v1/ledgers/acme/keyed-commands?limit=1000",
                        "/v1/ledgers/acme/events?after=1&limit=1000",
                        "/v1/ledgers/acme/events?after=2&limit=1000");
    }

    @Test
    void ndjson_has_with_each_event_what_is_known_of_keys() throws IOException {
        String ofEvent = "{\"sequence\":2,\"id\":\"b\",\"fingerprint\":\"2:ab\"}";
        String first = "{\"sequence\":1,\"id\":\"c\",\"fingerprint\":\"2:cd\",\"remembered\":{\"event\":\"a\"}}";
        String second = "{\"sequence\":2,\"id\":\"d\",\"fingerprint\":\"2:ef\",\"remembered\":{}}";
        String later = "{\"sequence\":3,\"id\":\"e\",\"fingerprint\":\"2:01\",\"remembered\":{}}";
        server.answersJson("{\"data\":[" + OPENED + "," + CONFIGURED + "],\"next\":null}")
                .answersJson("{\"data\":[],\"next\":\"1.x\"}")
                .answersJson("{\"data\":[" + first + "," + ofEvent + "],\"next\":\"2.x\"}")
                .answersJson("{\"data\":[" + second + "," + later + "],\"next\":\"3.x\"}")
                .answersJson("{\"data\":[],\"next\":null}");

        ExportCommand.write(history, ExportCommand.Format.ndjson, ACME, true, out);

        String configured = ofAcme(CONFIGURED);
        assertThat(out)
                .hasToString(ofAcme(OPENED) + "\n" + ofAcme(first) + "\n"
                        + configured.substring(0, configured.length() - 1) + ",\"fingerprint\":\"2:ab\"}\n"
                        + ofAcme(second) + "\n");
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::pathAndQuery)
                .containsExactly(
                        "/v1/ledgers/acme/events?after=0&limit=1000",
                        "/v1/ledgers/acme/keyed-commands?limit=1000",
                        "/v1/ledgers/acme/keyed-commands?limit=1000&cursor=1.x",
                        "/v1/ledgers/acme/keyed-commands?limit=1000&cursor=2.x",
                        "/v1/ledgers/acme/events?after=2&limit=1000");
    }

    private static String ofAcme(String event) {
        return "{\"ledger\":\"acme\"," + event.substring(1);
    }

    @Test
    void a_hole_in_the_history_ends_the_export() {
        server.answersJson("{\"data\":[" + OPENED + "," + CONFIGURED.replace(":2,", ":3,") + "],\"next\":null}")
                .answersJson("{\"data\":[],\"next\":null}");

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> ExportCommand.write(history, ExportCommand.Format.ndjson, ACME, true, out))
                .withMessageContaining("The history of ledger acme has a gap: event 3 follows on 1.");
    }

    @Test
    void a_ledger_without_any_event_is_not_a_ledger() {
        server.answersJson("{\"data\":[],\"next\":null}");

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> ExportCommand.write(history, ExportCommand.Format.ndjson, ACME, true, out))
                .withMessageStartingWith("Ledger acme has no events to export");
    }
}
