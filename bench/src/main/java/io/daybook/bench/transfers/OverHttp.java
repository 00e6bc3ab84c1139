package io.daybook.bench.transfers;

import com.github.f4b6a3.uuid.UuidCreator;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.transfers.Flow.Transfer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.bootstrap.HttpRequester;
import org.apache.hc.core5.http.impl.bootstrap.RequesterBootstrap;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients of Daybook's HTTP interface, each a thread with a connection that it keeps. They share the processors with what
 * they measure, so they are as simple as a client can be: no cookies, no redirects, no headers but the necessary ones.
 */
final class OverHttp implements Driver {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What is of interest of the answer to a batch. */
    private record Answer(List<Item> results) {}

    private record Item(int status) {}

    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);

    private final TransferScenario scenario;
    private final HttpHost server;
    private final HttpRequester http;
    private final List<Client> clients;

    OverHttp(TransferScenario scenario, int port) {
        this.scenario = scenario;
        this.server = new HttpHost("http", "127.0.0.1", port);
        this.http = RequesterBootstrap.bootstrap()
                .setHttpProcessor(new DefaultHttpProcessor(RequestTargetHost.INSTANCE, RequestContent.INSTANCE))
                .setDefaultMaxPerRoute(scenario.inFlight())
                .setMaxTotal(scenario.inFlight())
                .create();
        this.clients = IntStream.rangeClosed(1, scenario.inFlight())
                .mapToObj(i -> new Client(new SplittableRandom(1_000L * i)))
                .toList();
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        http.closeIdle(TimeValue.ZERO_MILLISECONDS); // while others had their turn, the server may have closed them
        return Loop.threads(duration, clients);
    }

    @Override
    public void close() {
        http.close(CloseMode.GRACEFUL);
    }

    private final class Client implements Callable<Integer> {

        private final SplittableRandom random;

        Client(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public Integer call() throws IOException, HttpException {
            String transactions = "/v1/ledgers/" + TransferScenario.ledger(scenario.ledger(random)) + "/transactions";
            return scenario.way() == Way.BATCHES ? postBatch(transactions + "/batch") : postOne(transactions);
        }

        private int postOne(String path) throws IOException, HttpException {
            return post(path, transaction(), response -> {
                require(response, HttpStatus.SC_CREATED);
                EntityUtils.consume(response.getEntity());
                return 1;
            });
        }

        private int postBatch(String path) throws IOException, HttpException {
            int transfers = scenario.way().transfersInRequest();
            String body = IntStream.range(0, transfers)
                    .mapToObj(i -> transaction())
                    .collect(Collectors.joining(",", "{\"transactions\":[", "]}"));
            return post(path, body, response -> {
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

        private int post(String path, String body, HttpClientResponseHandler<Integer> answered)
                throws IOException, HttpException {
            BasicClassicHttpRequest request = new BasicClassicHttpRequest(Method.POST, server, path);
            request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
            return http.execute(server, request, CONNECT_TIMEOUT, HttpCoreContext.create(), answered);
        }

        private static void require(ClassicHttpResponse response, int status) throws IOException, HttpException {
            if (response.getCode() != status) {
                throw new IllegalStateException(
                        "answered " + response.getCode() + ": " + EntityUtils.toString(response.getEntity()));
            }
        }

        private String transaction() {
            Transfer next = scenario.flow().next(random, scenario.accounts());
            return "{\"id\":\"" + UuidCreator.getTimeOrderedEpochFast() + "\",\"postings\":[{\"source\":\""
                    + TransferScenario.account(next.source()) + "\",\"destination\":\""
                    + TransferScenario.account(next.destination()) + "\",\"asset\":\"USD/2\",\"amount\":\"1\"}]}";
        }
    }
}
