package io.daybook.projections.audit;

import io.daybook.events.AccountAddress;
import io.daybook.events.Amount;
import io.daybook.events.Asset;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.Posting;
import io.daybook.events.RecordedEvent;
import io.daybook.events.Traces;
import io.daybook.projections.projection.PublishedEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/** An event as a document of the audit, with field names of the Elastic Common Schema where that has one. */
final class EventDocument {

    /** By which it is found, see {@link DocumentWords}. */
    static final String WORDS = "words";

    private EventDocument() {}

    /**
     * What its document is named. In format 1 that was the event's id, which another ledger's event may have too: the one
     * replaced the other.
     */
    static String id(PublishedEvent event, int format) {
        return format == 1 ? event.recorded().id().toString() : event.ledger() + ":" + event.sequence();
    }

    /**
     * @param isNew whether it comes into the audit for the first time; if it is posted anew, when that is says nothing
     */
    static Map<String, Object> of(PublishedEvent event, boolean isNew) {
        RecordedEvent recorded = event.recorded();
        UUID trace = event.trace();
        String traceId = Traces.digits(trace == null ? Traces.begunBy(recorded.requestId()) : trace);
        String message = EventMessage.of(event);
        Map<String, Object> daybook = new LinkedHashMap<>();
        daybook.put("ledger", event.ledger().value());
        daybook.put("chain", recorded.chain());
        daybook.put("hash", recorded.hash());
        // As it was recorded, whatever its shape is today: it is evidence.
        daybook.put("data", new RawValue(event.data()));
        daybook.putAll(searchable(event.event()));
        daybook.put(WORDS, DocumentWords.of(event, message, traceId));
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("id", recorded.id().toString());
        about.put("kind", "event");
        about.put("action", event.type());
        about.put("dataset", "daybook.events");
        about.put("sequence", event.sequence());
        if (isNew) {
            Instant now = Instant.now();
            about.put("ingested", now.toString());
            daybook.put(
                    "lag_millis",
                    Math.max(0, Duration.between(recorded.recordedAt(), now).toMillis()));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("@timestamp", recorded.recordedAt().toString());
        document.put("message", message);
        document.put("event", about);
        document.put("user", Map.of("id", recorded.actor()));
        document.put("http", Map.of("request", Map.of("id", recorded.requestId())));
        document.put("trace", Map.of("id", traceId));
        document.put("daybook", daybook);
        return document;
    }

    /** The fields by which events of the kind are found. */
    private static Map<String, Object> searchable(LedgerEvent event) {
        return switch (event) {
            case LedgerOpened opened -> Map.of();
            case AccountConfigured configured -> Map.of("accounts", accounts(configured.account()));
            case Transaction transaction -> transaction(transaction);
            case HoldPlaced hold ->
                Map.of(
                        "hold", hold(hold),
                        "accounts", accounts(hold.source(), hold.destination()),
                        "assets", List.of(hold.asset().name()));
            case HoldReleased hold ->
                Map.of(
                        "hold", hold(hold),
                        "accounts", accounts(hold.source()),
                        "assets", List.of(hold.asset().name()));
            case MetadataChanged changed -> changed(changed);
        };
    }

    private static List<String> accounts(@Nullable AccountAddress... accounts) {
        return Stream.of(accounts)
                .filter(Objects::nonNull)
                .map(AccountAddress::value)
                .toList();
    }

    private static Map<String, Object> transaction(Transaction transaction) {
        Set<String> accounts = new LinkedHashSet<>();
        Set<String> assets = new LinkedHashSet<>();
        for (Posting posting : transaction.postings()) {
            accounts.add(posting.source().value());
            accounts.add(posting.destination().value());
            assets.add(posting.asset().name());
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("transaction", identity(transaction));
        fields.put("effective_at", transaction.effectiveAt().toString());
        fields.put("accounts", accounts);
        fields.put("assets", assets);
        fields.put(
                "postings",
                transaction.postings().stream().map(EventDocument::posting).toList());
        if (assets.size() == 1) {
            // A sum over postings of several assets would be of neither.
            BigDecimal moved = BigDecimal.ZERO;
            for (Posting posting : transaction.postings()) {
                moved = moved.add(units(posting.amount(), posting.asset()));
            }
            fields.put("moved", Map.of("asset", assets.iterator().next(), "value", moved.doubleValue()));
        }
        UUID hold = transaction.hold();
        if (hold != null) {
            fields.put("hold", Map.of("id", hold.toString()));
        }
        return fields;
    }

    private static Map<String, Object> identity(Transaction transaction) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", transaction.id().toString());
        String reference = transaction.reference();
        if (reference != null) {
            fields.put("reference", reference);
        }
        UUID reverses = transaction.reverses();
        if (reverses != null) {
            fields.put("reverses", reverses.toString());
        }
        fields.put("metadata", transaction.metadata());
        return fields;
    }

    private static Map<String, Object> posting(Posting posting) {
        return Map.of(
                "source", posting.source().value(),
                "destination", posting.destination().value(),
                "asset", posting.asset().name(),
                "amount", posting.amount().toString(),
                "value", units(posting.amount(), posting.asset()).doubleValue());
    }

    private static Map<String, Object> hold(HoldPlaced hold) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", hold.id().toString());
        fields.put("amount", hold.amount().toString());
        fields.put("value", units(hold.amount(), hold.asset()).doubleValue());
        Instant expiresAt = hold.expiresAt();
        if (expiresAt != null) {
            fields.put("expires_at", expiresAt.toString());
        }
        fields.put("metadata", hold.metadata());
        return fields;
    }

    private static Map<String, Object> hold(HoldReleased hold) {
        return Map.of(
                "id", hold.hold().toString(),
                "amount", hold.amount().toString(),
                "value", units(hold.amount(), hold.asset()).doubleValue(),
                "reason", EventMessage.word(hold.reason()));
    }

    private static Map<String, Object> changed(MetadataChanged changed) {
        UUID transaction = changed.transaction();
        AccountAddress account = changed.account();
        if (transaction != null) {
            return Map.of("transaction", Map.of("id", transaction.toString(), "metadata", changed.metadata()));
        }
        return account == null ? Map.of() : Map.of("accounts", accounts(account));
    }

    /** An amount in whole units of its asset: cents ÷ 100. */
    static BigDecimal units(Amount amount, Asset asset) {
        return new BigDecimal(amount.toBigInteger(), asset.decimals());
    }
}
