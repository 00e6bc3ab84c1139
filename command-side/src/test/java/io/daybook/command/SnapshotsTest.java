package io.daybook.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.daybook.command.ledger.Ledger;
import io.daybook.command.ledger.LedgerState;
import io.daybook.command.store.Snapshot;
import io.daybook.command.store.SnapshotStore;
import io.daybook.events.LedgerId;
import io.daybook.messages.LedgerEventJson;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The command side takes snapshots as it goes, and goes on from them. */
class SnapshotsTest {

    private static final LedgerId LEDGER = new LedgerId("acme");

    @Test
    void a_ledger_goes_on_from_its_snapshot() {
        try (CommandServer server =
                CommandServer.with("daybook.snapshots.accounts", "50", "daybook.snapshots.events", "200")) {
            server.send("PUT", "/v1/ledgers/acme", "{}");
            for (int batch = 0; batch < 10; batch++) {
                assertThat(server.send("POST", "/v1/ledgers/acme/transactions/batch", batch(batch))
                                .statusCode())
                        .isEqualTo(200);
            }
            server.send("POST", "/v1/ledgers/acme/holds", "{\"source\":\"users:1\",\"asset\":\"USD/2\",\"amount\":1}");
            await().atMost(Duration.ofSeconds(20)).until(() -> snapshotSequence(server) >= 900);
            server.stop();
            server.start();

            HttpResponse<String> overdrawn = server.send(
                    "POST",
                    "/v1/ledgers/acme/transactions",
                    "{\"postings\":[{\"source\":\"users:1\",\"destination\":\"world\",\"asset\":\"USD/2\",\"amount\":10}]}");
            assertThat(overdrawn.body()).contains("insufficient-funds", "\"available\":\"3\"");
            HttpResponse<String> next = server.send(
                    "POST",
                    "/v1/ledgers/acme/transactions",
                    batch(0).replaceAll("^.*?(\\{\"postings.*?\\]\\}).*$", "$1"));
            assertThat(next.statusCode()).as(next.body()).isEqualTo(201);
            assertThat(next.headers().firstValue("Ledger-Sequence")).hasValue("1003");
            assertThat(fromSnapshot(server).hash())
                    .isEqualTo(replayed(server, new Snapshot(0, 1, "", new LedgerState()))
                            .hash());
        }
    }

    private static String batch(int batch) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "{\"postings\":[{\"source\":\"world\",\"destination\":\"users:" + (i + batch % 3 * 20)
                        + "\",\"asset\":\"USD/2\",\"amount\":1}]}")
                .collect(Collectors.joining(",", "{\"transactions\":[", "]}"));
    }

    private static long snapshotSequence(CommandServer server) {
        return server.journal()
                .queryForObject("select coalesce(max(sequence), 0) from snapshot where ledger = 'acme'", Long.class);
    }

    private static LedgerState fromSnapshot(CommandServer server) {
        DataSource dataSource = server.journal().getDataSource();
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        SnapshotStore snapshots = SnapshotStore.of(dataSource, transactions);
        return replayed(
                server, transactions.execute(t -> snapshots.read(LEDGER)).orElseThrow());
    }

    private static LedgerState replayed(CommandServer server, Snapshot from) {
        LedgerState[] state = {from.state()};
        server.journal()
                .query(
                        "select type, data from event where ledger = ? and sequence > ? order by sequence",
                        row -> {
                            state[0] = Ledger.evolve(
                                    state[0], LedgerEventJson.read(row.getString("type"), row.getBytes("data")));
                        },
                        LEDGER.value(),
                        from.sequence());
        return state[0];
    }
}
