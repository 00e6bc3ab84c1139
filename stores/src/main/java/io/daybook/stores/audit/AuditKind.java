package io.daybook.stores.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What there is in the audit, each in indices of its own. */
public enum AuditKind {
    /** What was recorded, in monthly indices under an alias, see {@link AuditIndices}. */
    EVENTS("events"),
    /** Every request that came in, in a data stream. */
    REQUESTS("streams"),
    /** What projections tell of themselves, in a data stream. */
    PROJECTIONS("streams");

    private final String lifecycle;

    AuditKind(String lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** What all indices of an installation match. */
    public static String all(String prefix) {
        return prefix + "-*";
    }

    private String plural() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The name of the alias or the data stream.
     *
     * @param prefix that of the installation's indices
     */
    public String named(String prefix) {
        return prefix + "-" + plural();
    }

    /** What {@link AuditField#DATASET} is. */
    public String dataset() {
        return "daybook." + plural();
    }

    /** The template of its indices as JSON, without what depends on the installation: patterns, aliases, replicas. */
    public String template() {
        return resource(plural() + "-template");
    }

    /** The policy of its indices, for a cluster that has policies, as JSON. */
    public String lifecycle() {
        return resource(lifecycle + "-lifecycle");
    }

    private static String resource(String name) {
        try (InputStream file = AuditKind.class.getResourceAsStream(name + ".json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
