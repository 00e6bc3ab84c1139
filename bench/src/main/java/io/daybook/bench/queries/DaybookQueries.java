package io.daybook.bench.queries;

import io.daybook.bench.measure.Expected;
import io.daybook.bench.measure.Loop;
import io.daybook.bench.measure.Measured;
import io.daybook.bench.measure.Subject;
import io.daybook.bench.setup.Applications;
import io.daybook.http.Headers;
import io.daybook.query.QuerySide;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.bootstrap.HttpRequester;
import org.apache.hc.core5.http.impl.bootstrap.RequesterBootstrap;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Daybook's query side as it is deployed, asked over HTTP by clients that each are a thread with a connection that it keeps.
 * They are as simple as can be, as they share the processors with what they measure.
 */
final class DaybookQueries implements Subject {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Nobody listens there. */
    private static final String NO_REDIS = "redis://127.0.0.1:1";

    /** A standby replays what was just posted: a query that demands the end waits 5 s at a time. */
    private static final int TRIES = 60;

    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);

    private static final int PAGE = 50;

    private final QueryScenario scenario;
    private final String ledger;
    private final ConfigurableApplicationContext application;
    private final HttpHost server;
    private final HttpRequester http;
    private final List<Client> clients;

    DaybookQueries(QueryScenario scenario, Map<String, String> services) throws IOException, HttpException {
        this.scenario = scenario;
        this.ledger = AskedLedger.name(services).value();
        Map<String, String> properties = new HashMap<>(services);
        if (!scenario.query().isOfRedis()) {
            properties.put("daybook.redis.uri", NO_REDIS);
            properties.put("logging.level.io.daybook.query.store.Redis", "error");
        }
        application = Applications.serve(properties, QuerySide.class);
        server = new HttpHost("http", "127.0.0.1", Applications.port(application));
        http = RequesterBootstrap.bootstrap()
                .setHttpProcessor(new DefaultHttpProcessor(RequestTargetHost.INSTANCE))
                .setDefaultMaxPerRoute(scenario.clients())
                .setMaxTotal(scenario.clients())
                .create();
        clients = IntStream.range(0, scenario.clients())
                .mapToObj(i -> new Client(new SplittableRandom(i)))
                .toList();
        awaitAll();
    }

    private void awaitAll() throws IOException, HttpException {
        BasicClassicHttpRequest last = new BasicClassicHttpRequest(Method.GET, server, "/v1/ledgers/" + ledger);
        last.setHeader(
                Headers.MIN_LEDGER_SEQUENCE, Long.toString(scenario.ledger().sequence()));
        for (int i = 0; i < TRIES; i++) {
            if (send(last).status() == HttpStatus.SC_OK) {
                return;
            }
        }
        throw new IllegalStateException("what was posted is not there to be read");
    }

    private record Answer(int status, byte[] body) {}

    private Answer send(BasicClassicHttpRequest request) throws IOException, HttpException {
        return http.execute(
                server,
                request,
                CONNECT_TIMEOUT,
                HttpCoreContext.create(),
                response -> new Answer(response.getCode(), EntityUtils.toByteArray(response.getEntity())));
    }

    private byte[] ask(String account) throws IOException, HttpException {
        String path = scenario.query().path(ledger, account);
        Answer answer = send(new BasicClassicHttpRequest(Method.GET, server, path));
        if (answer.status() != HttpStatus.SC_OK) {
            throw new IllegalStateException(path + " was answered with " + answer.status() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }

    @Override
    public String name() {
        return "Daybook, " + scenario.clients() + " connections";
    }

    @Override
    public Measured run(Duration duration) throws Exception {
        return Loop.threads(duration, clients);
    }

    /** Every client asks once more, and looks at the answer. */
    @Override
    public void verify() {
        clients.forEach(Client::verify);
    }

    @Override
    public void close() {
        http.close(CloseMode.GRACEFUL);
        application.close();
    }

    private final class Client implements Callable<Integer> {

        private final SplittableRandom random;

        Client(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public Integer call() throws IOException, HttpException {
            ask(scenario.query().next(random, scenario.ledger()));
            return 1;
        }

        void verify() {
            String account = scenario.query().next(random, scenario.ledger());
            try {
                JsonNode answer = JSON.readTree(ask(account));
                switch (scenario.query()) {
                    case BALANCE, BALANCE_FROM_BOOKS ->
                        Expected.require(
                                "units at " + account,
                                AskedLedger.BALANCE,
                                answer.at("/balances/USD~12/balance").asLong());
                    case STATEMENT ->
                        Expected.require(
                                "units after the first line of " + account,
                                AskedLedger.BALANCE,
                                answer.at("/data/0/balance").asLong());
                    case TRANSACTIONS_BY_ACCOUNT -> {
                        for (JsonNode transaction : answer.path("data")) {
                            JsonNode posting = transaction.at("/postings/0");
                            if (!posting.path("source").asString().equals(account)
                                    && !posting.path("destination").asString().equals(account)) {
                                throw new AssertionError("of " + account + " is not " + transaction);
                            }
                        }
                    }
                }
                if (scenario.query() == Query.STATEMENT || scenario.query() == Query.TRANSACTIONS_BY_ACCOUNT) {
                    Expected.require(
                            "lines on a page", PAGE, answer.path("data").size());
                }
            } catch (IOException | HttpException e) {
                throw new AssertionError("no answer about " + account, e);
            }
        }
    }
}
