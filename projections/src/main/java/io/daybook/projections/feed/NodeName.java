package io.daybook.projections.feed;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.TreeSet;

/**
 * What a node is called where it is connected to the books' database, so that nodes see each other there: it tells which projections
 * it runs, and by which name it has claims.
 */
public final class NodeName {

    /** What all of them are like, in SQL. */
    public static final String LIKE = "daybook-projections:%";

    private static final String SEPARATOR = ":";

    /** So much of a name PostgreSQL keeps. */
    private static final int MAX_LENGTH = 63;

    private NodeName() {}

    /**
     * Of this process.
     *
     * @param run the projections that it runs
     */
    public static String of(List<String> run) {
        String name = "daybook-projections" + SEPARATOR + String.join(",", new TreeSet<>(run)) + SEPARATOR
                + ManagementFactory.getRuntimeMXBean().getName();
        return name.substring(0, Math.min(MAX_LENGTH, name.length()));
    }

    /** The projections that a node runs. */
    public static List<String> runs(String name) {
        return List.of(name.split(SEPARATOR)[1].split(","));
    }

    /** Whether a claim is a node's; its name may have been cut off. */
    public static boolean hasClaim(String name, String owner) {
        String node = name.substring(name.lastIndexOf(SEPARATOR) + 1);
        return name.length() < MAX_LENGTH ? owner.equals(node) : !node.isEmpty() && owner.startsWith(node);
    }
}
