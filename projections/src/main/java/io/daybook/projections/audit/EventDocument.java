package io.daybook.projections.audit;

import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.TransactionPosted;
import io.daybook.events.Posting;
import io.daybook.projections.feed.PublishedEvent;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An event as a document of the audit, with field names of the Elastic Common Schema where that has one. */
final class EventDocument {

    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy.MM").withZone(ZoneOffset.UTC);

    private EventDocument() {}

    /** The index that the event belongs in: that of the month in which it was recorded, so that a repeat finds it again. */
    static String index(String prefix, PublishedEvent event) {
        return prefix + "-events-" + MONTH.format(event.recorded().recordedAt());
    }

    static Map<String, Object> of(PublishedEvent event) {
        Map<String, Object> daybook = new LinkedHashMap<>();
        daybook.put("ledger", event.ledger().value());
        daybook.put("hash", event.recorded().hash());
        daybook.put("data", event.event());
        String message =
                switch (event.event()) {
                    case LedgerOpened opened -> "opened ledger " + event.ledger();
                    case AccountConfigured configured -> {
                        daybook.put("accounts", List.of(configured.account().value()));
                        yield "configured account " + configured.account() + " of ledger " + event.ledger();
                    }
                    case TransactionPosted posted -> {
                        add(posted, daybook);
                        yield message(posted, event);
                    }
                };
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("@timestamp", event.recorded().recordedAt().toString());
        document.put("message", message);
        document.put(
                "event",
                Map.of(
                        "id", event.recorded().id().toString(),
                        "kind", "event",
                        "action", event.type().eventName(),
                        "dataset", "daybook.events",
                        "sequence", event.sequence()));
        document.put("user", Map.of("id", event.recorded().actor()));
        document.put("http", Map.of("request", Map.of("id", event.recorded().requestId())));
        document.put("daybook", daybook);
        return document;
    }

    private static void add(TransactionPosted posted, Map<String, Object> daybook) {
        Map<String, Object> transaction = new LinkedHashMap<>();
        transaction.put("id", posted.id().toString());
        if (posted.reference() != null) {
            transaction.put("reference", posted.reference());
        }
        transaction.put("metadata", posted.metadata());
        daybook.put("transaction", transaction);
        daybook.put("effective_at", posted.effectiveAt().toString());
        Set<String> accounts = new LinkedHashSet<>();
        Set<String> assets = new LinkedHashSet<>();
        for (Posting posting : posted.postings()) {
            accounts.add(posting.source().value());
            accounts.add(posting.destination().value());
            assets.add(posting.asset().name());
        }
        daybook.put("accounts", accounts);
        daybook.put("assets", assets);
        daybook.put(
                "postings",
                posted.postings().stream().map(EventDocument::posting).toList());
    }

    private static Map<String, Object> posting(Posting posting) {
        return Map.of(
                "source", posting.source().value(),
                "destination", posting.destination().value(),
                "asset", posting.asset().name(),
                "amount", posting.amount().toString(),
                "value", units(posting).doubleValue());
    }

    private static BigDecimal units(Posting posting) {
        Asset asset = posting.asset();
        return new BigDecimal(posting.amount().toBigInteger(), asset.decimals());
    }

    private static String message(TransactionPosted posted, PublishedEvent event) {
        String movements = posted.postings().stream()
                .limit(3)
                .map(posting -> units(posting).toPlainString() + " "
                        + posting.asset().code() + " from " + posting.source() + " to " + posting.destination())
                .collect(Collectors.joining(", "));
        int more = posted.postings().size() - 3;
        return "posted " + movements + (more > 0 ? " and " + more + " more" : "") + " in ledger " + event.ledger()
                + (posted.reference() == null ? "" : ", reference " + posted.reference());
    }
}
