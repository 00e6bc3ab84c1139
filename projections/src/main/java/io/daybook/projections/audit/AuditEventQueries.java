package io.daybook.projections.audit;

import io.daybook.events.LedgerId;
import io.daybook.stores.audit.AuditField;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Queries for events, as Elasticsearch takes them. */
final class AuditEventQueries {

    private AuditEventQueries() {}

    /** For what all of these find. */
    static Map<String, Object> all(List<Map<String, Object>> queries) {
        return Map.of("bool", Map.of("filter", queries));
    }

    static Map<String, Object> ofLedger(LedgerId ledger) {
        return Map.of("term", Map.of(AuditField.LEDGER.path(), ledger.value()));
    }

    static Map<String, Object> at(Collection<Long> sequences) {
        return Map.of("terms", Map.of(AuditField.SEQUENCE.path(), sequences));
    }

    static Map<String, Object> from(long first, long last) {
        return Map.of("range", Map.of(AuditField.SEQUENCE.path(), Map.of("gte", first, "lte", last)));
    }

    static Map<String, Object> upTo(long last) {
        return Map.of("range", Map.of(AuditField.SEQUENCE.path(), Map.of("lte", last)));
    }
}
