package io.daybook.projections.audit;

import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.events.SearchWords;
import io.daybook.messages.RequestRecord;
import io.daybook.projections.projection.PublishedEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words by which a document is found, in the order of what they are of: the line for people, names, ids, accounts, references,
 * metadata. They are separated by spaces, so that the index has nothing to take apart but these.
 */
final class DocumentWords {

    /** Each thing by itself: words that follow each other are of one. */
    private final Set<String> things = new LinkedHashSet<>();

    private DocumentWords() {}

    /**
     * @param message its line for people
     * @param traceId that of its trace
     */
    static List<String> of(PublishedEvent event, String message, String traceId) {
        DocumentWords words = new DocumentWords();
        RecordedEvent recorded = event.recorded();
        words.add(message, recorded.ledger(), recorded.id(), recorded.requestId(), recorded.actor(), traceId);
        words.add(event.event());
        return List.copyOf(words.things);
    }

    /**
     * @param message its line for people
     */
    static List<String> of(RequestRecord request, String message) {
        DocumentWords words = new DocumentWords();
        words.add(
                message,
                request.id(),
                request.requestId(),
                request.actor(),
                request.traceId(),
                request.ledger(),
                request.account(),
                request.transaction(),
                request.hold(),
                request.command(),
                request.problem());
        return List.copyOf(words.things);
    }

    private void add(LedgerEvent event) {
        switch (event) {
            case LedgerOpened opened -> {
                add(opened.region());
                add(opened.metadata());
            }
            case AccountConfigured configured -> {
                add(configured.account());
                add(configured.metadata());
            }
            case Transaction transaction -> {
                add(transaction.id(), transaction.reference(), transaction.reverses(), transaction.hold());
                for (Posting posting : transaction.postings()) {
                    add(posting.source(), posting.destination(), posting.asset().name());
                }
                add(transaction.metadata());
            }
            case HoldPlaced hold -> {
                add(hold.id(), hold.source(), hold.destination(), hold.asset().name());
                add(hold.metadata());
            }
            case HoldReleased hold ->
                add(hold.hold(), hold.source(), hold.asset().name());
            case MetadataChanged changed -> {
                add(changed.account(), changed.transaction());
                add(changed.metadata());
            }
        }
    }

    /** A value follows its key: both are found, and that the one has the other. */
    private void add(Map<String, String> metadata) {
        metadata.forEach((key, value) -> add(key + " " + value));
    }

    private void add(@Nullable Object... those) {
        for (Object thing : those) {
            String words = thing == null ? "" : String.join(" ", SearchWords.of(thing.toString()));
            if (!words.isEmpty()) {
                things.add(words);
            }
        }
    }
}
