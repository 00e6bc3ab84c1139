package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.query.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is told of holds and reversals, over HTTP and on real stores. */
class HoldsTest {

    private static final String CARDS = "/v1/ledgers/cards";

    private static ConfigurableApplicationContext application;
    private static Client client;
    private static UUID pay;
    private static UUID captured;
    private static UUID voided;
    private static UUID open;
    private static UUID capture;
    private static UUID refund;

    @BeforeAll
    static void start() {
        Stores stores = new Stores();
        Stores.Ledger cards = stores.ledger("cards").open();
        pay = cards.post("world", "card", "USD/2", 1000, "2026-01-01T12:00:00Z"); // 2
        captured = cards.hold("card", 300); // 3
        voided = cards.hold("card", 100); // 4
        capture = cards.capture(captured, "card", "shop", 250, "2026-01-02T00:00:00Z"); // 5
        open = cards.hold("card", 40); // 6
        cards.release(voided, "card", 100); // 7
        refund = cards.reverse(capture, "card", "shop", "USD/2", 250, "2026-01-03T00:00:00Z"); // 8
        stores.awaitReplicas();
        application = QuerySideApplication.start(stores.services.properties());
        client = new Client(application);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    private static List<UUID> ids(String path) {
        List<UUID> ids = new ArrayList<>();
        client.get(CARDS + path)
                .body()
                .path("data")
                .forEach(row -> ids.add(UUID.fromString(row.path("id").asString())));
        return ids;
    }

    private static JsonNode card(String path) {
        return client.get(CARDS + "/accounts/card" + path)
                .body()
                .at("/balances")
                .path("USD/2");
    }

    @Test
    void a_hold_is_told_as_it_is() {
        Answer answer = client.get(CARDS + "/holds/" + captured);

        assertThat(answer.body())
                .isEqualTo(json(
                        "{'id':'%s','ledger':'cards','source':'card','destination':null,'asset':'USD/2','amount':'300','captured':'250','remaining':'0','state':'captured','expiresAt':'2026-12-31T00:00:00Z','metadata':{'case':'1'},'sequence':3,'placedAt':'2026-06-01T00:00:03.123456Z'}"
                                .formatted(captured)));
        assertThat(answer.header("Ledger-Sequence")).isEqualTo("8");
    }

    @Test
    void holds_are_listed_newest_first_by_state_and_in_pages() {
        assertThat(ids("/holds")).containsExactly(open, voided, captured);
        assertThat(ids("/holds?state=open")).containsExactly(open);
        assertThat(ids("/holds?state=captured")).containsExactly(captured);
        assertThat(ids("/holds?state=voided")).containsExactly(voided);
        assertThat(ids("/holds?state=expired")).isEmpty();

        String next = client.get(CARDS + "/holds?limit=2").body().path("next").asString();
        assertThat(ids("/holds?limit=2&cursor=" + next)).containsExactly(captured);
    }

    @Test
    void what_is_held_is_not_available() {
        assertThat(card(""))
                .isEqualTo(json("{'balance':'1000','held':'40','available':'960','input':'1250','output':'250'}"));
        assertThat(client.get(CARDS + "/accounts?prefix=card")
                        .body()
                        .at("/data/0/balances")
                        .path("USD/2"))
                .isEqualTo(card(""));
    }

    @Test
    void what_was_held_is_told_as_of_each_sequence_and_at_each_time_of_recording() {
        String[] held = {"0", "300", "400", "100", "140", "40", "40"};
        for (int sequence = 2; sequence <= 8; sequence++) {
            String then = held[sequence - 2];
            assertThat(card("?asOf=" + sequence).path("held").asString()).isEqualTo(then);
            assertThat(card("?at=2026-06-01T00:00:0" + sequence + ".123456Z")
                            .path("held")
                            .asString())
                    .isEqualTo(then);
        }
        assertThat(card("?asOf=4"))
                .isEqualTo(json("{'balance':'1000','held':'400','available':'600','input':'1000','output':'0'}"));
    }

    @Test
    void a_capture_tells_its_hold_and_a_reversal_is_linked_both_ways() {
        JsonNode taken = client.get(CARDS + "/transactions/" + capture).body();
        JsonNode back = client.get(CARDS + "/transactions/" + refund).body();

        assertThat(taken.path("hold").asString()).isEqualTo(captured.toString());
        assertThat(taken.path("reversedBy").asString()).isEqualTo(refund.toString());
        assertThat(taken.has("reverses")).isFalse();
        assertThat(back.path("reverses").asString()).isEqualTo(capture.toString());
        assertThat(back.has("hold")).isFalse();
        assertThat(client.get(CARDS + "/transactions").body().at("/data/1")).isEqualTo(taken);
        assertThat(client.get(CARDS + "/transactions/" + pay).body().has("reversedBy"))
                .isFalse();
    }
}
