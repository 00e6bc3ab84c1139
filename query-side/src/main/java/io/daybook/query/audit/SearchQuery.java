package io.daybook.query.audit;

import io.daybook.query.audit.Wanted.All;
import io.daybook.query.audit.Wanted.Either;
import io.daybook.query.audit.Wanted.Not;
import io.daybook.query.audit.Wanted.Phrase;
import io.daybook.stores.audit.AuditField;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wanted as a query of the index. */
final class SearchQuery {

    /** All words of a document, separated by spaces: the projection has taken them apart. */
    private static final String WORDS = AuditField.WORDS.path();

    private static final String MESSAGE = AuditField.MESSAGE.path();

    /** What documents have as a whole, also those that were written before documents had their words. */
    private static final List<AuditField> WHOLE = List.of(
            AuditField.ID,
            AuditField.REQUEST_ID,
            AuditField.TRACE_ID,
            AuditField.TRANSACTION_ID,
            AuditField.REFERENCE,
            AuditField.ACCOUNTS,
            AuditField.LEDGER,
            AuditField.ACTOR);

    private static final JsonMapper JSON = JsonMapper.shared();

    private SearchQuery() {}

    static ObjectNode of(Wanted wanted) {
        ObjectNode query = JSON.createObjectNode();
        switch (wanted) {
            case Phrase phrase -> {
                ArrayNode either = either(query);
                either.add(inWords(phrase));
                either.addObject()
                        .putObject(phrase.isPrefix() ? "match_phrase_prefix" : "match_phrase")
                        .put(MESSAGE, phrase.text());
                WHOLE.forEach(field -> either.addObject()
                        .putObject(phrase.isPrefix() ? "prefix" : "term")
                        .put(field.path(), phrase.text()));
            }
            case All all -> {
                ArrayNode filter = query.putObject("bool").putArray("filter");
                all.each().forEach(each -> filter.add(of(each)));
            }
            case Either those -> {
                ArrayNode either = either(query);
                those.each().forEach(each -> either.add(of(each)));
            }
            case Not not -> query.putObject("bool").putArray("must_not").add(of(not.what()));
        }
        return query;
    }

    private static ArrayNode either(ObjectNode query) {
        return query.putObject("bool").put("minimum_should_match", 1).putArray("should");
    }

    private static ObjectNode inWords(Phrase phrase) {
        ObjectNode query = JSON.createObjectNode();
        List<String> words = phrase.words();
        if (!phrase.isPrefix()) {
            query.putObject("match_phrase").put(WORDS, String.join(" ", words));
        } else if (words.size() == 1) {
            query.putObject("prefix").put(WORDS, words.getFirst());
        } else {
            // Unlike a phrase with a prefix it leaves out no word that the last one begins.
            ObjectNode inOrder = query.putObject("intervals").putObject(WORDS).putObject("all_of");
            inOrder.put("ordered", true).put("max_gaps", 0);
            ArrayNode each = inOrder.putArray("intervals");
            each.addObject()
                    .putObject("match")
                    .put("query", String.join(" ", words.subList(0, words.size() - 1)))
                    .put("ordered", true)
                    .put("max_gaps", 0);
            each.addObject().putObject("prefix").put("prefix", words.getLast());
        }
        return query;
    }
}
