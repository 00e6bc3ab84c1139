package io.daybook.projections;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import io.daybook.services.SharedServices;
import io.daybook.stores.audit.AuditKind;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All projections on services of their own, the events that they post, and a look into their stores from outside of them. */
final class ProjectionsFixture implements AutoCloseable {

    private final SharedServices.Isolated services = SharedServices.get().isolated();
    private final TestEventStore store = new TestEventStore(services);
    private final Publisher publisher = new Publisher(services, store::append);
    private final SingleConnectionDataSource database = TestProjections.books(services);
    private final JdbcTemplate books = new JdbcTemplate(database);
    private final RedisClient redisClient = RedisClient.create(services.get("daybook.redis.uri"));
    private final StatefulRedisConnection<String, String> redis = redisClient.connect();
    private final Rest5Client elasticsearch = Rest5Client.builder(URI.create(services.get("daybook.elasticsearch.uri")))
            .build();
    private final String alias = AuditKind.EVENTS.named(services.get("daybook.elasticsearch.index-prefix"));
    private final List<ConfigurableApplicationContext> applications = new ArrayList<>();

    /**
     * Starts the projections; they are closed with this, unless they were before.
     *
     * @param others properties in place of those of the services
     */
    ConfigurableApplicationContext start(Map<String, String> others) {
        applications.add(TestProjections.start(services, others));
        return applications.getLast();
    }

    /** The same with a web server. */
    ConfigurableApplicationContext serve(Map<String, String> others) {
        applications.add(TestProjections.serve(services, others));
        return applications.getLast();
    }

    SharedServices.Isolated services() {
        return services;
    }

    TestEventStore store() {
        return store;
    }

    Publisher publisher() {
        return publisher;
    }

    JdbcTemplate books() {
        return books;
    }

    RedisCommands<String, String> redis() {
        return redis.sync();
    }

    Rest5Client elasticsearch() {
        return elasticsearch;
    }

    /** The answer to a request for the events in the audit, those that are there. */
    JsonNode events(String method, String action, String body) throws IOException {
        Request request = new Request(method, "/" + alias + "/" + action);
        request.addParameter("ignore_unavailable", "true");
        request.setJsonEntity(body);
        return JsonMapper.shared()
                .readTree(elasticsearch.performRequest(request).getEntity().getContent());
    }

    /** One unit for {@code users:N}. */
    static LedgerEvent transfer(int account) {
        return new TransactionPosted(
                UUID.randomUUID(),
                null,
                List.of(new Posting(
                        AccountAddress.WORLD,
                        new AccountAddress("users:" + account),
                        new Asset("USD/2"),
                        Amount.of(1))),
                Instant.now(),
                Map.of());
    }

    @Override
    public void close() throws IOException {
        applications.forEach(ConfigurableApplicationContext::close);
        publisher.close();
        store.close();
        database.destroy();
        redis.close();
        redisClient.shutdown();
        elasticsearch.close();
    }
}
