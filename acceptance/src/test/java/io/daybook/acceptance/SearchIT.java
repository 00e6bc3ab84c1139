package io.daybook.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whatever an event or a request has to do with finds it, and operators are those of sets. */
@ExtendWith(SharedInstallation.class)
class SearchIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TRANSACTIONS = 25;
    private static final int FORMULAS = 60;
    private static final List<String> SEGMENTS =
            List.of("accounts", "alice", "bob-2", "Carol_X", "wallet", "42", "users", "EU", "a1b2");
    private static final List<String> TEXTS = List.of(
            "gold tier",
            "näher am Café",
            "客户退款",
            "50% off!",
            "x@example.org",
            "C:\\temp \"quoted\"",
            "AND",
            "a*b",
            "tax|vat");

    private final TestInstallation daybook;
    private final String ledger = "search-" + UUID.randomUUID();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    SearchIT(TestInstallation daybook) {
        this.daybook = daybook;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String account() {
        List<String> segments = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            segments.add(any(SEGMENTS) + (random.nextBoolean() ? random.nextInt(100) : ""));
        }
        return String.join(":", segments);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Set<String> found(String q, String kind) {
        JsonNode page = daybook.get("/v1/audit?limit=1000&kind=" + kind + "&ledger=" + ledger + "&q="
                + URLEncoder.encode(q, StandardCharsets.UTF_8));
        assertThat(page.path("data").isArray())
                .as("%s of seed %d: %s", q, seed, page)
                .isTrue();
        Set<String> ids = new HashSet<>();
        page.path("data").forEach(row -> ids.add(row.path("id").asString()));
        return ids;
    }

    @Test
    void events_are_found_by_all_that_is_in_them() {
        daybook.send("PUT", "/v1/ledgers/" + ledger, "{\"metadata\": {\"purpose\": \"probing\"}}");
        for (int i = 0; i < TRANSACTIONS; i++) {
            ObjectNode body = JsonMapper.shared().createObjectNode();
            body.put("reference", "INV-2024-" + i + any(List.of("", "-b", "/x")));
            body.putObject("metadata")
                    .put(any(List.of("note", "order-id")), any(TEXTS))
                    .put("n", "w" + i);
            ObjectNode posting = body.putArray("postings").addObject();
            posting.put("source", "world")
                    .put("destination", account())
                    .put("asset", "USD/2")
                    .put("amount", "1050");
            assertThat(daybook.send("POST", "/v1/ledgers/" + ledger + "/transactions", body.toString())
                            .statusCode())
                    .isEqualTo(201);
        }
        JsonNode events = daybook.get(
                        "/v1/ledgers/" + ledger + "/events?limit=1000",
                        "Min-Ledger-Sequence",
                        Integer.toString(TRANSACTIONS + 1))
                .path("data");
        assertThat(events).hasSize(TRANSACTIONS + 1);
        await().atMost(SOON).until(() -> found("", "event").size() == events.size());

        assertThat(found("probing", "event")).containsExactly(events.at("/0/id").asString());
        Set<String> words = new LinkedHashSet<>();
        for (JsonNode event : events) {
            for (String q : thatFind(event, words)) {
                assertThat(found(q, "event"))
                        .as("%s of seed %d", q, seed)
                        .contains(event.path("id").asString());
            }
        }
        combine(List.copyOf(words), found("", "event"));
    }

    /**
     * @param words is given single words
     */
    private Set<String> thatFind(JsonNode event, Set<String> words) {
        Set<String> queries = new LinkedHashSet<>();
        queries.add(event.path("id").asString());
        queries.add(event.path("requestId").asString());
        JsonNode data = event.path("data");
        if (data.has("id")) {
            queries.add(data.path("id").asString());
            queries.add(data.path("id").asString().toUpperCase(Locale.ROOT));
        }
        data.path("postings").forEach(posting -> {
            String account = posting.path("destination").asString();
            queries.add(account);
            queries.add(quoted(account));
            queries.add(account.substring(0, account.length() - 1) + "*");
            for (String segment : account.split(":")) {
                queries.add(segment);
                queries.add(segment.substring(0, 1) + "*");
                words.add(segment);
            }
        });
        if (data.has("reference")) {
            String reference = data.path("reference").asString();
            queries.add(reference);
            queries.add(reference.substring(0, reference.length() - 1) + "*");
            queries.add("2024");
            queries.add("inv-2024*");
            words.add(reference);
        }
        data.path("metadata").properties().forEach(entry -> {
            queries.add(entry.getKey());
            queries.add(quoted(entry.getValue().asString()));
            queries.add(quoted(entry.getKey() + " " + entry.getValue().asString()));
            for (String word : entry.getValue().asString().split("[^\\p{L}\\p{N}]+")) {
                queries.add(quoted(word));
            }
        });
        queries.removeIf(query -> query.matches("[\"*]*"));
        return queries;
    }

    private void combine(List<String> words, Set<String> all) {
        for (int i = 0; i < FORMULAS; i++) {
            String a = any(words);
            String b = any(words);
            String c = any(words);
            Set<String> ofA = found(a, "event");
            Set<String> ofB = found(b, "event");
            Set<String> ofC = found(c, "event");
            Set<String> both = new HashSet<>(ofA);
            both.retainAll(ofB);
            Set<String> either = new HashSet<>(ofA);
            either.addAll(ofB);
            Set<String> notA = new HashSet<>(all);
            notA.removeAll(ofA);
            Set<String> eitherNotC = new HashSet<>(either);
            eitherNotC.removeAll(ofC);
            Set<String> aOrBNotC = new HashSet<>(ofB);
            aOrBNotC.removeAll(ofC);
            aOrBNotC.addAll(ofA);
            assertFinds(a + " " + b, both);
            assertFinds(a + " AND " + b, both);
            assertFinds(a + " OR " + b, either);
            assertFinds("NOT " + a, notA);
            assertFinds("(" + a + " OR " + b + ") NOT " + c, eitherNotC);
            assertFinds(a + " OR " + b + " AND NOT " + c, aOrBNotC);
            assertFinds("NOT NOT " + a, ofA);
        }
    }

    private void assertFinds(String q, Set<String> ids) {
        assertThat(found(q, "event")).as("%s of seed %d", q, seed).isEqualTo(ids);
    }

    @Test
    void requests_are_found_by_all_that_is_in_them() {
        daybook.send("PUT", "/v1/ledgers/" + ledger, "");
        daybook.send(
                "PUT",
                "/v1/ledgers/" + ledger + "/accounts/probes:dave-7:cash",
                "{}",
                "X-Request-Id",
                "probe-" + ledger);
        await().atMost(SOON).until(() -> found("", "request").size() == 2);
        Set<String> all = found("", "request");
        Set<String> asked = found("probes:dave-7:cash", "request");

        assertThat(asked).hasSize(1);
        for (String q : List.of(
                "dave", "dave-7", "cash", "probes:da*", "probe-" + ledger, "\"dave 7 cash\"", "accounts dave")) {
            assertThat(found(q, "request")).as(q).isEqualTo(asked);
        }
        Set<String> others = new HashSet<>(all);
        others.removeAll(asked);
        assertThat(found("NOT dave", "request")).isEqualTo(others);
        assertThat(found("nobody OR put", "request")).isEqualTo(all);
    }
}
