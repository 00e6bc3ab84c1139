package io.daybook.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.daybook.query.Client.Answer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The query side by its main class, with nothing up but the books. */
class QuerySideAloneTest {

    @Test
    void it_answers_health_and_queries_and_says_which_store_is_missing() {
        Stores stores = new Stores();
        stores.ledger("alone").open();
        stores.awaitReplicas();
        Map<String, String> nothingElse = new HashMap<>();
        nothingElse.put("daybook.redis.uri", "redis://127.0.0.1:1");
        nothingElse.put("daybook.elasticsearch.uri", "http://127.0.0.1:1");
        nothingElse.put("daybook.kafka.bootstrap-servers", "127.0.0.1:1");
        try (var side = QuerySideApplication.start(stores.properties(nothingElse))) {
            Client client = new Client(side);
            assertThat(client.get("/health/liveness").status()).isEqualTo(200);
            assertThat(client.get("/v1/ledgers/alone").status()).isEqualTo(200);

            Answer ready = client.get("/health/readiness");
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.body().path("status").asString()).isEqualTo("DEGRADED");
            assertThat(ready.body()
                            .at("/components/stores/components/books/status")
                            .asString())
                    .isEqualTo("UP");
            assertThat(ready.body()
                            .at("/components/stores/components/elasticsearch/details/missing")
                            .asString())
                    .isEqualTo("the audit is not searched");
        }
        Map<String, String> nothing = new HashMap<>(nothingElse);
        nothing.put("daybook.books.jdbc-url", "jdbc:postgresql://127.0.0.1:1/daybook");
        nothing.put("daybook.books.replica-jdbc-urls", "");
        try (var side = QuerySideApplication.start(stores.properties(nothing))) {
            Client client = new Client(side);
            Answer unready = client.get("/health/readiness");
            assertThat(unready.status()).isEqualTo(503);
            assertThat(unready.body()
                            .at("/components/stores/components/books/status")
                            .asString())
                    .isEqualTo("DOWN");
            assertThat(client.get("/health/liveness").status()).isEqualTo(200);
        }
    }
}
