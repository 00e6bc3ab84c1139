package io.daybook.bench;

import io.daybook.bench.Flow.Transfer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.classic.MinimalHttpClient;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients of Daybook's HTTP interface, each a thread with a connection of its own that it keeps. They share the processors
 * with what they measure, so they are as simple as a client can be; the JDK's hands each answer over between threads.
 */
final class OverHttp implements Driver {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What is of interest of the answer to a batch. */
    private record Answer(List<Item> results) {}

    private record Item(int status) {}

    private final TransferScenario scenario;
    private final String ledgers;
    private final List<Client> clients;

    OverHttp(TransferScenario scenario, int port) {
        this.scenario = scenario;
        this.ledgers = "http://127.0.0.1:" + port + "/v1/ledgers/";
        // Other seeds than that of the transfers before, whose ids must not come again.
        this.clients = IntStream.rangeClosed(1, scenario.inFlight())
                .mapToObj(i -> new Client(new SplittableRandom(1_000L * i)))
                .toList();
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        return Loop.threads(duration, clients);
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
    }

    private final class Client implements Callable<Integer> {

        private final MinimalHttpClient http = HttpClients.createMinimal(new BasicHttpClientConnectionManager());
        private final SplittableRandom random;

        Client(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public Integer call() throws IOException {
            String transactions = ledgers + TransferScenario.ledger(scenario.ledger(random)) + "/transactions";
            return scenario.way() == Way.BATCHES ? postBatch(transactions + "/batch") : postOne(transactions);
        }

        private int postOne(String uri) throws IOException {
            return http.execute(request(uri, transaction()), response -> {
                require(response, HttpStatus.SC_CREATED);
                EntityUtils.consume(response.getEntity());
                return 1;
            });
        }

        private int postBatch(String uri) throws IOException {
            int transfers = scenario.way().transfersInRequest();
            String body = IntStream.range(0, transfers)
                    .mapToObj(i -> transaction())
                    .collect(Collectors.joining(",", "{\"transactions\":[", "]}"));
            return http.execute(request(uri, body), response -> {
                require(response, HttpStatus.SC_OK);
                List<Item> items = JSON.readValue(response.getEntity().getContent(), Answer.class)
                        .results();
                if (items.size() != transfers
                        || !items.stream().allMatch(item -> item.status() == HttpStatus.SC_CREATED)) {
                    throw new IllegalStateException("of a batch of " + transfers + " these came back: " + items);
                }
                return transfers;
            });
        }

        private static HttpPost request(String uri, String body) {
            HttpPost request = new HttpPost(uri);
            request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
            return request;
        }

        private static void require(ClassicHttpResponse response, int status) throws IOException, HttpException {
            if (response.getCode() != status) {
                throw new IllegalStateException(
                        "answered " + response.getCode() + ": " + EntityUtils.toString(response.getEntity()));
            }
        }

        private String transaction() {
            Transfer next = scenario.flow().next(random, scenario.accounts());
            return "{\"id\":\"" + new UUID(random.nextLong(), random.nextLong()) + "\",\"postings\":[{\"source\":\""
                    + TransferScenario.account(next.source()) + "\",\"destination\":\""
                    + TransferScenario.account(next.destination()) + "\",\"asset\":\"USD/2\",\"amount\":\"1\"}]}";
        }

        void close() {
            http.close(CloseMode.GRACEFUL);
        }
    }
}
