package io.daybook.projections.posting;

import io.daybook.events.LedgerId;
import io.daybook.projections.posting.Simulation.Host;
import io.daybook.projections.projection.Positions;
import io.daybook.projections.projection.Projection;
import io.daybook.projections.projection.PublishedEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/** What a simulated feed posts to: it keeps the sequences of each ledger in the order in which they came. */
abstract sealed class SimulatedStore {

    /** It cannot be reached, or answers no more. */
    static final class Away extends IOException {

        private static final long serialVersionUID = 1L;

        Away(String message) {
            super(message);
        }
    }

    /** What an event says is not to its liking. */
    static final class Refusal extends Exception {

        private static final long serialVersionUID = 1L;

        Refusal(PublishedEvent event) {
            super("event " + event.sequence() + " of ledger " + event.ledger() + " is refused");
        }
    }

    private final Simulation simulation;
    private final Map<String, Long> refused = new HashMap<>();
    private final Set<String> refusedOnce = new HashSet<>();
    private Instant awayUntil = Instant.MIN;
    private Instant slowUntil = Instant.MIN;
    private Duration slowness = Duration.ZERO;
    private int lostAnswers;
    private int failures;

    SimulatedStore(Simulation simulation) {
        this.simulation = simulation;
    }

    final Simulation simulation() {
        return simulation;
    }

    void goAway(Duration time) {
        awayUntil = simulation.clock().instant().plus(time);
    }

    /** Each batch takes up to so long. */
    void slowDown(Duration time, Duration slowness) {
        slowUntil = simulation.clock().instant().plus(time);
        this.slowness = slowness;
    }

    /** So many batches are written, and whoever wrote them does not hear of it. */
    void loseAnswers(int many) {
        lostAnswers = many;
    }

    /** So many batches fail in the middle. */
    void fail(int many) {
        failures = many;
    }

    /** From now on it does not take this event. */
    void refuse(String ledger, long sequence) {
        refused.put(ledger, sequence);
    }

    /** It does not take the next event of a ledger, and then it does. */
    void refuseOnce(String ledger) {
        refusedOnce.add(ledger);
    }

    Projection posting(Host host) {
        return new Projection() {
            @Override
            public String name() {
                return "simulated";
            }

            @Override
            public void apply(List<PublishedEvent> events) throws Exception {
                simulation.pause(Duration.ofMillis(1));
                if (slowUntil.isAfter(simulation.clock().instant())) {
                    simulation.pause(simulation.upTo(slowness));
                }
                host.isAlive();
                isThere();
                List<PublishedEvent> unseen = Positions.newOf(events, positions(Positions.ledgersOf(events)));
                for (PublishedEvent event : unseen) {
                    accepts(event);
                }
                Map<LedgerId, List<Long>> byLedger = new LinkedHashMap<>();
                unseen.forEach(event -> byLedger.computeIfAbsent(event.ledger(), ledger -> new ArrayList<>())
                        .add(event.sequence()));
                for (var ledger : byLedger.entrySet()) {
                    if (failures > 0 && simulation.oneIn(2)) {
                        failures--;
                        simulation.note("%s: the store fails in the middle", host);
                        throw new Away("in the middle of a batch");
                    }
                    write(ledger.getKey(), ledger.getValue());
                }
                simulation.note("%s: posted %s", host, byLedger);
                if (lostAnswers > 0) {
                    lostAnswers--;
                    simulation.note("%s: and the answer is lost", host);
                    throw new Away("the answer was lost");
                }
            }

            @Override
            public boolean isOutage(Exception failure) {
                return failure instanceof Away
                        || failure instanceof DataAccessException
                        || failure instanceof TransactionException;
            }
        };
    }

    private void isThere() throws Away {
        if (awayUntil.isAfter(simulation.clock().instant())) {
            throw new Away("the store is away");
        }
    }

    private void accepts(PublishedEvent event) throws Refusal {
        String ledger = event.ledger().value();
        if (refused.getOrDefault(ledger, 0L) == event.sequence() || refusedOnce.remove(ledger)) {
            simulation.note("event %d of %s is refused", event.sequence(), ledger);
            throw new Refusal(event);
        }
    }

    abstract Map<LedgerId, Long> positions(Set<LedgerId> ledgers);

    abstract void write(LedgerId ledger, List<Long> sequences) throws Exception;

    /** What it has of each ledger. */
    abstract Map<String, List<Long>> contents();

    /** One like Redis and Elasticsearch: what is written stays, whatever becomes of the transaction. */
    static final class ByItself extends SimulatedStore {

        private final Map<String, List<Long>> posted = new HashMap<>();

        ByItself(Simulation simulation) {
            super(simulation);
        }

        @Override
        Map<LedgerId, Long> positions(Set<LedgerId> ledgers) {
            Map<LedgerId, Long> positions = new HashMap<>();
            ledgers.forEach(ledger -> {
                List<Long> sequences = posted.get(ledger.value());
                if (sequences != null) {
                    positions.put(ledger, sequences.getLast());
                }
            });
            return positions;
        }

        @Override
        void write(LedgerId ledger, List<Long> sequences) {
            posted.computeIfAbsent(ledger.value(), name -> new ArrayList<>()).addAll(sequences);
        }

        @Override
        Map<String, List<Long>> contents() {
            return posted;
        }
    }

    /** One like the books: what is written is there with the token, or not at all. */
    static final class InTheBooks extends SimulatedStore {

        private final JdbcTemplate books;

        /** Once in a database. */
        static void create(JdbcTemplate books) {
            books.execute("""
                    create table simulated_ledger (ledger text primary key, sequence bigint not null);
                    create table simulated_event (
                        id bigint generated always as identity, ledger text not null, sequence bigint not null)
                    """);
        }

        InTheBooks(Simulation simulation, JdbcTemplate books) {
            super(simulation);
            this.books = books;
            books.execute("delete from simulated_ledger; delete from simulated_event");
        }

        @Override
        Map<LedgerId, Long> positions(Set<LedgerId> ledgers) {
            Map<LedgerId, Long> positions = new HashMap<>();
            books.query(
                    "select ledger, sequence from simulated_ledger where ledger = any (?) order by ledger for update",
                    row -> {
                        positions.put(new LedgerId(row.getString(1)), row.getLong(2));
                    },
                    (Object) ledgers.stream().map(LedgerId::value).toArray(String[]::new));
            return positions;
        }

        @Override
        void write(LedgerId ledger, List<Long> sequences) {
            books.update("""
                    with event as (insert into simulated_event (ledger, sequence) select ?, unnest(?::bigint[]) returning sequence)
                    insert into simulated_ledger (ledger, sequence) select ?, max(sequence) from event
                    on conflict (ledger) do update set sequence = excluded.sequence
                    """, ledger.value(), sequences.toArray(Long[]::new), ledger.value());
        }

        @Override
        Map<String, List<Long>> contents() {
            Map<String, List<Long>> contents = new HashMap<>();
            books.query("select ledger, sequence from simulated_event order by id", row -> {
                contents.computeIfAbsent(row.getString(1), ledger -> new ArrayList<>())
                        .add(row.getLong(2));
            });
            return contents;
        }
    }
}
