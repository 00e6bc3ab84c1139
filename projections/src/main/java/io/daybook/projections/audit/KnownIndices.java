package io.daybook.projections.audit;

import io.daybook.projections.projection.StoreLossException;
import io.daybook.stores.audit.AuditIndices;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The indices that were made for the audit, in table {@code audit_index}: an index that is gone cannot tell what was in it.
 * None is made but here, so one that was known and is not there, or is another of the same name, has taken events with it.
 * Safe for use by several threads.
 */
final class KnownIndices {

    /** How many are named. */
    private static final int EXAMPLES = 3;

    private final AuditAlias alias;
    private final JdbcTemplate books;
    private final TransactionTemplate separately;

    /** What was last found to be gone. */
    private final Map<AuditIndices, String> losses = new ConcurrentHashMap<>();

    KnownIndices(AuditCluster cluster, JdbcTemplate books, PlatformTransactionManager transactions) {
        this.alias = new AuditAlias(cluster);
        this.books = books;
        // An index that was made stays when the batch that it was made for is rolled back.
        this.separately = new TransactionTemplate(
                transactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
    }

    /**
     * Requires that no index is gone, and makes those that are wanted and never were there.
     *
     * @return the names of all that are there
     * @throws StoreLossException if one is gone
     */
    Set<String> require(AuditIndices indices, Set<String> wanted) throws IOException {
        // In this order: what is known is there, unless it was deleted.
        Map<String, String> known = known(indices);
        Map<String, String> there = alias.ids(indices);
        requireAll(indices, known, there);
        List<String> missing =
                wanted.stream().filter(index -> !there.containsKey(index)).toList();
        for (String index : missing) {
            alias.make(indices, index);
        }
        Map<String, String> now = missing.isEmpty() ? there : alias.ids(indices);
        // Those from before indices were known are taken as they are.
        now.forEach((index, id) -> {
            if (!known.containsKey(index)) {
                add(index, id);
            }
        });
        return now.keySet();
    }

    private void requireAll(AuditIndices indices, Map<String, String> known, Map<String, String> there)
            throws StoreLossException {
        List<String> gone = known.keySet().stream()
                .filter(index -> !known.get(index).equals(there.get(index)))
                .sorted()
                .toList();
        if (gone.isEmpty()) {
            losses.remove(indices);
            return;
        }
        String loss = "Elasticsearch has lost "
                + String.join(", ", gone.subList(0, Math.min(EXAMPLES, gone.size())))
                + (gone.size() > EXAMPLES ? " and " + (gone.size() - EXAMPLES) + " other indices" : "")
                + " with the events in it; './daybook replay audit' posts all of them anew, and nothing is found among"
                + " events until then";
        losses.put(indices, loss);
        throw new StoreLossException(loss);
    }

    /** What was found to be gone when that was last looked at; null if nothing. */
    @Nullable String loss(AuditIndices indices) {
        return losses.get(indices);
    }

    /** They are to be gone. */
    void forget(AuditIndices indices) {
        books.update("delete from audit_index where starts_with(name, ?)", indices.start());
        losses.remove(indices);
    }

    private Map<String, String> known(AuditIndices indices) {
        Map<String, String> known = new HashMap<>();
        books.query(
                "select name, id from audit_index where starts_with(name, ?)",
                row -> {
                    known.put(row.getString("name"), row.getString("id"));
                },
                indices.start());
        return known;
    }

    private void add(String index, String id) {
        separately.executeWithoutResult(transaction ->
                books.update("insert into audit_index (name, id) values (?, ?) on conflict do nothing", index, id));
    }
}
