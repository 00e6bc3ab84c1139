package io.daybook.stores.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class AuditFieldTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void isIndexedByATemplateAndNothingElseIs() {
        Set<String> indexed = new TreeSet<>();
        for (AuditKind kind : AuditKind.values()) {
            addPaths(JSON.readTree(kind.template()).at("/template/mappings"), "", indexed);
        }
        Set<String> declared =
                Arrays.stream(AuditField.values()).map(AuditField::path).collect(Collectors.toCollection(TreeSet::new));
        declared.remove(AuditField.POSTINGS.path()); // a list of others
        assertThat(declared).isEqualTo(indexed);
    }

    private static void addPaths(JsonNode mapping, String before, Set<String> paths) {
        mapping.path("properties").forEachEntry((name, field) -> {
            if (field.has("properties")) {
                addPaths(field, before + name + ".", paths);
            } else {
                paths.add(before + name);
            }
        });
    }

    @Test
    void isFoundWhereItWasPut() {
        AuditDocument document = new AuditDocument();
        for (AuditField field : AuditField.values()) {
            if (!field.path().startsWith(AuditField.POSTINGS.path())) {
                document.put(field, field.name());
            }
        }
        ObjectNode json = JSON.valueToTree(document.members());
        for (AuditField field : AuditField.values()) {
            if (!field.path().startsWith(AuditField.POSTINGS.path())) {
                assertThat(field.requiredIn(json).asString()).isEqualTo(field.name());
                assertThat(AuditField.named(field.path())).isEqualTo(field);
                field.removeFrom(json);
                assertThat(field.in(json).isMissingNode()).isTrue();
            }
        }
    }

    @Test
    void isPutIntoADocumentWithinAnother() {
        AuditDocument posting = new AuditDocument(AuditField.POSTINGS)
                .put(AuditField.POSTING_SOURCE, "world")
                .put(AuditField.POSTING_ASSET, null);
        assertThat(new AuditDocument()
                        .put(AuditField.POSTINGS, List.of(posting.members()))
                        .members())
                .isEqualTo(Map.of("daybook", Map.of("postings", List.of(Map.of("source", "world")))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> posting.put(AuditField.LEDGER, "acme"))
                .withMessage("daybook.ledger is not within daybook.postings");
    }

    /** What is there is found by these names. */
    @Test
    void isWhereItAlwaysWas() {
        assertThat(AuditField.LEDGER.path()).isEqualTo("daybook.ledger");
        assertThat(AuditField.SEQUENCE.path()).isEqualTo("event.sequence");
        assertThat(AuditKind.EVENTS.named("daybook")).isEqualTo("daybook-events");
        assertThat(AuditKind.REQUESTS.named("daybook")).isEqualTo("daybook-requests");
        assertThat(AuditKind.PROJECTIONS.dataset()).isEqualTo("daybook.projections");
        assertThat(AuditIndices.of("daybook", 1).all()).isEqualTo("daybook-events-*");
        assertThat(AuditIndices.of("daybook", 2).at(Instant.parse("2026-01-31T23:59:59Z")))
                .isEqualTo("daybook-events.2-2026.01");
        assertThat(AuditIndices.of("daybook", 1).beside("daybook-events.2-2026.01"))
                .isEqualTo(AuditIndices.of("daybook", 2));
    }
}
