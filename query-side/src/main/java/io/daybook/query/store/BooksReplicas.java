package io.daybook.query.store;

import io.daybook.events.LedgerId;
import io.daybook.http.ProblemException;
import io.daybook.query.request.Freshness;
import io.daybook.query.request.Reading;
import io.daybook.query.request.Reading.Seen;
import io.daybook.stores.BooksQueries;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * The books in PostgreSQL. Its hot standbys take turns; one that cannot be read is left alone for a second, and the primary
 * is the last resort.
 */
public final class BooksReplicas implements AutoCloseable {

    /** Reads something of a ledger that has come to {@code sequence}. */
    @FunctionalInterface
    public interface LedgerQuery<T> {
        T run(JdbcClient jdbc, long sequence);
    }

    private static final Logger LOG = LoggerFactory.getLogger(BooksReplicas.class);
    private static final String STORE = "The books";

    /** Of a class of SQL states: the query was ended because it took too long. */
    private static final String QUERY_CANCELED = "57014";

    private static final String UNDEFINED_TABLE = "42P01";

    /** What another server may do better: connection, transaction, resources, operator, system and internal errors. */
    private static final List<String> ERRORS_OF_THE_SERVER = List.of("08", "40", "53", "55", "57", "58", "XX");

    private final BooksSource primary;
    private final List<BooksSource> replicas;
    private final AtomicInteger turn = new AtomicInteger();
    private final ParkedLedgers parked = new ParkedLedgers(this);
    private final Arrivals arrivals =
            new Arrivals(this::furthest, (ledger, sequence) -> parked.obstacle("books", ledger, sequence));

    BooksReplicas(BooksSource primary, List<BooksSource> replicas) {
        this.primary = primary;
        this.replicas = List.copyOf(replicas);
    }

    /** Has the pools tell how their connections are used. */
    void measure(MeterRegistry registry) {
        primary.measure(registry);
        replicas.forEach(replica -> replica.measure(registry));
    }

    /**
     * Reads something of one ledger, when it has come far enough; all of it as it was at one moment.
     *
     * @throws ProblemException {@code ledger-not-found}, {@code projection-behind} or {@code unavailable}
     */
    public <T> Seen<T> read(LedgerId ledger, Freshness freshness, LedgerQuery<T> query) {
        return freshness.await(ledger, () -> look(ledger, freshness, query));
    }

    /** The same without waiting. */
    public <T> Reading<T> look(LedgerId ledger, Freshness freshness, LedgerQuery<T> query) {
        return read(jdbc -> {
            Long sequence = position(jdbc, ledger).orElse(null);
            return sequence == null || !freshness.isMetBy(sequence)
                    ? new Reading.Behind<>(sequence, arrivals)
                    : new Seen<>(sequence, query.run(jdbc, sequence));
        });
    }

    /** The ledgers that are parked in any projection, which is noted in the books' database. */
    public ParkedLedgers parked() {
        return parked;
    }

    /** How far ledgers have come in whichever of the standbys is ahead; a query that is woken finds it in its turn. */
    private Map<LedgerId, Long> furthest(Set<LedgerId> ledgers) {
        Map<LedgerId, Long> furthest = new HashMap<>();
        List<BooksSource> rested =
                replicas.stream().filter(BooksSource::isRested).toList();
        if (rested.isEmpty()) {
            return firstOf(List.of(primary), jdbc -> positions(jdbc, ledgers));
        }
        for (BooksSource replica : rested) {
            firstOf(List.of(replica, primary), jdbc -> positions(jdbc, ledgers))
                    .forEach((ledger, sequence) -> furthest.merge(ledger, sequence, Math::max));
        }
        return furthest;
    }

    private static Map<LedgerId, Long> positions(JdbcClient jdbc, Set<LedgerId> ledgers) {
        Map<LedgerId, Long> positions = new HashMap<>();
        jdbc.sql(BooksQueries.POSITIONS + " where ledger in (:ledgers)")
                .param("ledgers", ledgers.stream().map(LedgerId::value).toList())
                .query(row -> {
                    positions.put(new LedgerId(row.getString("ledger")), row.getLong("sequence"));
                });
        return positions;
    }

    /** How far the ledger has come; empty if it is not there. */
    public static Optional<Long> position(JdbcClient jdbc, LedgerId ledger) {
        return jdbc.sql("select sequence from ledger where ledger = :ledger")
                .param("ledger", ledger.value())
                .query(Long.class)
                .optional();
    }

    /**
     * Reads something that is not of one ledger; all of it as it was at one moment.
     *
     * @throws ProblemException {@code unavailable}
     */
    public <T> T read(Function<JdbcClient, T> query) {
        return firstOf(sourcesInTurn(), query);
    }

    /** Reads from the server that is written to. */
    public <T> T readPrimary(Function<JdbcClient, T> query) {
        return firstOf(List.of(primary), query);
    }

    /**
     * Sees whether they can be read.
     *
     * @throws ProblemException {@code unavailable}
     */
    public void requireAnswer() {
        read(jdbc -> jdbc.sql("select 1").query(Integer.class).single());
    }

    private List<BooksSource> sourcesInTurn() {
        List<BooksSource> sources = new ArrayList<>(replicas.size() + 1);
        int first = replicas.isEmpty() ? 0 : Math.floorMod(turn.getAndIncrement(), replicas.size());
        for (int i = 0; i < replicas.size(); i++) {
            BooksSource replica = replicas.get((first + i) % replicas.size());
            if (replica.isRested()) {
                sources.add(replica);
            }
        }
        sources.add(primary);
        return sources;
    }

    private static <T> T firstOf(List<BooksSource> sources, Function<JdbcClient, T> query) {
        RuntimeException failure = null;
        for (BooksSource source : sources) {
            try {
                return source.read(query);
            } catch (DataAccessException | TransactionException e) {
                String state = sqlState(e);
                if (state.equals(QUERY_CANCELED)) {
                    // Elsewhere it would take as long.
                    throw Unavailable.because(STORE, e);
                }
                if (!isOfTheServer(state)) {
                    throw e;
                }
                LOG.debug("{} cannot be read", source, e);
                source.letRest();
                failure = e;
            }
        }
        throw Unavailable.because(STORE, failure == null ? new IllegalStateException("no server") : failure);
    }

    private static boolean isOfTheServer(String state) {
        // The books of a new installation have no tables until the projection has started.
        return state.isEmpty()
                || state.equals(UNDEFINED_TABLE)
                || ERRORS_OF_THE_SERVER.contains(state.substring(0, Math.min(2, state.length())));
    }

    /** Empty if the failure does not come from a server at all, such as when there was no connection. */
    private static String sqlState(Exception failure) {
        return NestedExceptionUtils.getMostSpecificCause(failure) instanceof SQLException sql
                        && sql.getSQLState() != null
                ? sql.getSQLState()
                : "";
    }

    @Override
    public void close() {
        replicas.forEach(BooksSource::close);
        primary.close();
    }
}
