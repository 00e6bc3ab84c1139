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
import io.daybook.stores.audit.AuditDocument;
import io.daybook.stores.audit.AuditField;
import io.daybook.stores.audit.AuditKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
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

    private EventDocument() {}

    /** What its document is named in a generation of a format. */
    static String id(PublishedEvent event, int format) {
        return AuditDocument.idOfEvent(
                format,
                event.ledger().value(),
                event.sequence(),
                event.recorded().id());
    }

    /**
     * @param isNew whether it comes into the audit for the first time; if it is posted anew, when that is says nothing
     */
    static Map<String, Object> of(PublishedEvent event, boolean isNew) {
        RecordedEvent recorded = event.recorded();
        UUID trace = event.trace();
        String traceId = Traces.digits(trace == null ? Traces.begunBy(recorded.requestId()) : trace);
        String message = EventMessage.of(event);
        AuditDocument document = new AuditDocument()
                .put(AuditField.TIMESTAMP, recorded.recordedAt().toString())
                .put(AuditField.MESSAGE, message)
                .put(AuditField.ID, recorded.id().toString())
                .put(AuditField.KIND, "event")
                .put(AuditField.ACTION, event.type())
                .put(AuditField.DATASET, AuditKind.EVENTS.dataset())
                .put(AuditField.SEQUENCE, event.sequence())
                .put(AuditField.ACTOR, recorded.actor())
                .put(AuditField.REQUEST_ID, recorded.requestId())
                .put(AuditField.TRACE_ID, traceId)
                .put(AuditField.LEDGER, event.ledger().value())
                .put(AuditField.CHAIN, recorded.chain())
                .put(AuditField.HASH, recorded.hash())
                // As it was recorded, whatever its shape is today: it is evidence.
                .put(AuditField.DATA, new RawValue(event.data()))
                .put(AuditField.WORDS, DocumentWords.of(event, message, traceId));
        putSearchable(document, event.event());
        if (isNew) {
            Instant now = Instant.now();
            document.put(AuditField.INGESTED, now.toString())
                    .put(
                            AuditField.LAG_MILLIS,
                            Math.max(
                                    0,
                                    Duration.between(recorded.recordedAt(), now).toMillis()));
        }
        return document.members();
    }

    /** Puts the fields by which events of the kind are found. */
    private static void putSearchable(AuditDocument document, LedgerEvent event) {
        switch (event) {
            case LedgerOpened opened -> {}
            case AccountConfigured configured -> document.put(AuditField.ACCOUNTS, accounts(configured.account()));
            case Transaction transaction -> put(document, transaction);
            case HoldPlaced hold -> put(document, hold);
            case HoldReleased hold -> put(document, hold);
            case MetadataChanged changed -> put(document, changed);
        }
    }

    private static List<String> accounts(@Nullable AccountAddress... accounts) {
        return Stream.of(accounts)
                .filter(Objects::nonNull)
                .map(AccountAddress::value)
                .toList();
    }

    private static void put(AuditDocument document, Transaction transaction) {
        Set<String> accounts = new LinkedHashSet<>();
        Set<String> assets = new LinkedHashSet<>();
        for (Posting posting : transaction.postings()) {
            accounts.add(posting.source().value());
            accounts.add(posting.destination().value());
            assets.add(posting.asset().name());
        }
        document.put(AuditField.TRANSACTION_ID, transaction.id().toString())
                .put(AuditField.REFERENCE, transaction.reference())
                .put(AuditField.REVERSES, text(transaction.reverses()))
                .put(AuditField.TRANSACTION_METADATA, transaction.metadata())
                .put(AuditField.HOLD_ID, text(transaction.hold()))
                .put(AuditField.EFFECTIVE_AT, transaction.effectiveAt().toString())
                .put(AuditField.ACCOUNTS, accounts)
                .put(AuditField.ASSETS, assets)
                .put(
                        AuditField.POSTINGS,
                        transaction.postings().stream()
                                .map(EventDocument::posting)
                                .toList());
        if (assets.size() == 1) {
            // A sum over postings of several assets would be of neither.
            BigDecimal moved = BigDecimal.ZERO;
            for (Posting posting : transaction.postings()) {
                moved = moved.add(units(posting.amount(), posting.asset()));
            }
            document.put(AuditField.MOVED_ASSET, assets.iterator().next())
                    .put(AuditField.MOVED_VALUE, moved.doubleValue());
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static Map<String, Object> posting(Posting posting) {
        return new AuditDocument(AuditField.POSTINGS)
                .put(AuditField.POSTING_SOURCE, posting.source().value())
                .put(AuditField.POSTING_DESTINATION, posting.destination().value())
                .put(AuditField.POSTING_ASSET, posting.asset().name())
                .put(AuditField.POSTING_AMOUNT, posting.amount().toString())
                .put(
                        AuditField.POSTING_VALUE,
                        units(posting.amount(), posting.asset()).doubleValue())
                .members();
    }

    private static void put(AuditDocument document, HoldPlaced hold) {
        putHold(document, hold.id(), hold.amount(), hold.asset())
                .put(AuditField.HOLD_EXPIRES_AT, text(hold.expiresAt()))
                .put(AuditField.HOLD_METADATA, hold.metadata())
                .put(AuditField.ACCOUNTS, accounts(hold.source(), hold.destination()));
    }

    private static void put(AuditDocument document, HoldReleased hold) {
        putHold(document, hold.hold(), hold.amount(), hold.asset())
                .put(AuditField.HOLD_REASON, EventMessage.word(hold.reason()))
                .put(AuditField.ACCOUNTS, accounts(hold.source()));
    }

    private static AuditDocument putHold(AuditDocument document, UUID id, Amount amount, Asset asset) {
        return document.put(AuditField.HOLD_ID, id.toString())
                .put(AuditField.HOLD_AMOUNT, amount.toString())
                .put(AuditField.HOLD_VALUE, units(amount, asset).doubleValue())
                .put(AuditField.ASSETS, List.of(asset.name()));
    }

    private static void put(AuditDocument document, MetadataChanged changed) {
        UUID transaction = changed.transaction();
        AccountAddress account = changed.account();
        if (transaction != null) {
            document.put(AuditField.TRANSACTION_ID, transaction.toString())
                    .put(AuditField.TRANSACTION_METADATA, changed.metadata());
        } else if (account != null) {
            document.put(AuditField.ACCOUNTS, accounts(account));
        }
    }

    /** An amount in whole units of its asset: cents ÷ 100. */
    static BigDecimal units(Amount amount, Asset asset) {
        return new BigDecimal(amount.toBigInteger(), asset.decimals());
    }
}
