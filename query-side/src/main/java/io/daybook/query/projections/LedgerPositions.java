package io.daybook.query.projections;

import io.daybook.events.LedgerId;
import io.daybook.http.ProblemException;
import io.daybook.query.store.AuditIndex;
import io.daybook.query.store.BooksReplicas;
import io.daybook.query.store.RedisBalances;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How far each book is in one ledger. What cannot be read is told as not there, so that the others still are. */
class LedgerPositions {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final BooksReplicas books;
    private final RedisBalances balances;
    private final AuditIndex audit;

    LedgerPositions(BooksReplicas books, RedisBalances balances, AuditIndex audit) {
        this.books = books;
        this.balances = balances;
        this.audit = audit;
    }

    /** The last event of the ledger that is in the projection's store, or null if there is none. */
    @Nullable Long of(String projection, LedgerId ledger) {
        return switch (projection) {
            case "books" ->
                books.readPrimary(jdbc -> BooksReplicas.position(jdbc, ledger)).orElse(null);
            case "balances" -> {
                var position = balances.position(ledger);
                yield position.isPresent() ? position.getAsLong() : null;
            }
            case "audit" -> ofAudit(ledger);
            default -> null;
        };
    }

    private @Nullable Long ofAudit(LedgerId ledger) {
        ObjectNode search = JSON.createObjectNode();
        search.put("size", 1).put("_source", false);
        search.putObject("query").putObject("term").put(AuditField.LEDGER.path(), ledger.value());
        search.putArray("sort")
                .addObject()
                .putObject(AuditField.SEQUENCE.path())
                .put("order", "desc")
                .put("unmapped_type", "long");
        try {
            audit.refresh();
            JsonNode last = audit.search(Set.of(AuditKind.EVENTS), search).at("/hits/hits/0/sort/0");
            return last.isNumber() ? last.asLong() : null;
        } catch (ProblemException unavailable) {
            return null;
        }
    }
}
