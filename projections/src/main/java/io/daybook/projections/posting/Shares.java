package io.daybook.projections.posting;

import io.daybook.projections.feed.NodeName;
import io.daybook.projections.work.Work;
import io.daybook.settings.DatabaseProperties;
import io.daybook.stores.BooksDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Divides the projections among the nodes that there are. A processor takes whatever nobody has, so one node would keep what it got
 * first; here each node leaves to others what is theirs. All of them come to the same division, as all see the same: which nodes are
 * connected to the books, which projections each of them runs, and who has what.
 */
final class Shares implements Work {

    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** How long what is another's is left, which is said again before it ends. */
    private static final Duration LEFT = Duration.ofMillis(1500);

    /** A node of which nothing was heard for so long is taken for lost, though its connection looks alive. */
    private static final int SILENT_SECONDS = 10;

    private static final int LIVE_SEGMENTS = 1;

    private final List<RunningProjection> projections;
    private final SingleConnectionDataSource connection;
    private final JdbcTemplate books;

    private Shares(List<RunningProjection> projections, SingleConnectionDataSource connection) {
        this.projections =
                projections.stream().filter(RunningProjection::runsHere).toList();
        this.connection = connection;
        this.books = new JdbcTemplate(connection);
    }

    /**
     * Over a connection of its own, by which others see that this node is there, and at once if it is not any more.
     *
     * @param run the projections that this node runs
     */
    static Shares of(List<RunningProjection> projections, DatabaseProperties books, List<String> run) {
        SingleConnectionDataSource connection =
                new SingleConnectionDataSource(books.jdbcUrl(), books.username(), books.password(), true);
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", NodeName.of(run));
        properties.setProperty("currentSchema", BooksDatabase.SEARCH_PATH);
        properties.setProperty("socketTimeout", Integer.toString(SILENT_SECONDS));
        connection.setConnectionProperties(properties);
        return new Shares(projections, connection);
    }

    @Override
    public void step() {
        try {
            divide();
        } catch (DataAccessException e) {
            connection.resetConnection();
            throw e;
        }
    }

    private void divide() {
        String here = books.queryForObject("select current_setting('application_name')", String.class);
        List<String> nodes = nodes();
        if (here == null || !nodes.contains(here)) {
            return; // something on the way gives another name
        }
        Map<String, String> division = division(nodes, owners());
        for (RunningProjection projection : projections) {
            String owner = division.get(projection.status().name());
            if (owner != null && !owner.equals(here)) {
                projection.leave(LIVE_SEGMENTS, LEFT);
            }
        }
    }

    /** The names as clients of those that are connected. */
    private List<String> nodes() {
        return books.queryForList(
                "select application_name from pg_stat_activity"
                        + " where datname = current_database() and application_name like ? group by 1"
                        + " having max(state_change) > now() - make_interval(secs => ?) order by 1",
                String.class,
                NodeName.LIKE,
                SILENT_SECONDS);
    }

    /** Who has each projection that somebody has, by the name of his client. */
    private Map<String, String> owners() {
        Map<String, String> owners = new HashMap<>();
        books.query("select processor_name, owner from token_entry where segment = 0 and owner is not null", row -> {
            owners.put(row.getString(1), row.getString(2));
        });
        return owners;
    }

    /**
     * Which node has which projection: each as few as possible, and what it has already rather than something else.
     *
     * @param nodes by the names that they are connected with
     * @param owners who has a claim of which projection
     */
    static Map<String, String> division(List<String> nodes, Map<String, String> owners) {
        Map<String, List<String>> candidates = new TreeMap<>();
        nodes.forEach(node -> NodeName.runs(node).forEach(projection -> candidates
                .computeIfAbsent(projection, name -> new ArrayList<>())
                .add(node)));
        int least = candidates.size() / nodes.size();
        Map<String, Integer> load = new HashMap<>();
        Map<String, String> division = new HashMap<>();
        // What everybody may keep.
        candidates.forEach((projection, able) -> able.stream()
                .filter(node -> isOwner(node, owners.get(projection)) && load.getOrDefault(node, 0) < least)
                .findFirst()
                .ifPresent(node -> give(projection, node, division, load)));
        // Those that few can run first, so that these few have room for them.
        candidates.keySet().stream()
                .filter(projection -> !division.containsKey(projection))
                .sorted(Comparator.comparingInt((String projection) ->
                                candidates.get(projection).size())
                        .thenComparing(Comparator.naturalOrder()))
                .toList()
                .forEach(projection -> candidates.get(projection).stream()
                        .min(Comparator.comparingInt((String node) -> load.getOrDefault(node, 0))
                                .thenComparing(node -> !isOwner(node, owners.get(projection)))
                                .thenComparing(Comparator.naturalOrder()))
                        .ifPresent(node -> give(projection, node, division, load)));
        return division;
    }

    private static void give(String projection, String node, Map<String, String> division, Map<String, Integer> load) {
        division.put(projection, node);
        load.merge(node, 1, Integer::sum);
    }

    private static boolean isOwner(String node, @Nullable String owner) {
        return owner != null && NodeName.hasClaim(node, owner);
    }

    @Override
    public void stop() {
        connection.destroy();
    }

    @Override
    public Duration pause() {
        return INTERVAL;
    }

    @Override
    public String toString() {
        return "the division among nodes";
    }
}
