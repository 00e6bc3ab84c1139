package io.daybook.command.imports;

import io.daybook.axon.LedgerEventJson;
import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.Transfer;
import io.daybook.command.ledger.PastEvent;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.RecordedEvent;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of an export: an event as the API gives it, with the name of its ledger. What the hash does not cover is not
 * looked at. Texts and times must be such as Daybook itself records, because all that reads the journal relies on it.
 */
final class EventLine {

    private static final int MAX_REQUEST_ID_LENGTH = 255;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private record Members(
            @Nullable String ledger,
            @Nullable Long sequence,
            @Nullable UUID id,
            @Nullable String type,
            @Nullable Instant recordedAt,
            @Nullable String requestId,
            @Nullable String actor,
            @Nullable JsonNode data,
            @Nullable Integer chain,
            @Nullable String hash) {}

    private final String name;
    private final Members members;

    private EventLine(String name, Members members) {
        this.name = name;
        this.members = members;
    }

    /**
     * @param name by which a problem names the line
     */
    static EventLine read(String name, String line) {
        try {
            return new EventLine(name, JSON.readValue(line, Members.class));
        } catch (JacksonException e) {
            throw ProblemException.invalidField(
                    name, "is not an event as GET /v1/ledgers/{ledger}/events gives it: " + e.getOriginalMessage());
        }
    }

    /**
     * @throws ProblemException if it is not an event that this version of Daybook knows, or one of another ledger
     */
    PastEvent of(LedgerId ledger) {
        if (members.ledger() != null && !members.ledger().equals(ledger.value())) {
            throw ProblemException.invalidField(
                    name,
                    "is of ledger '" + members.ledger() + "'; its hash covers that name, so it can be imported into"
                            + " a ledger of that name only, not into '" + ledger + "'");
        }
        String type = text("type", required("type", members.type()));
        JsonNode node = required("data", members.data());
        int chain = members.chain() == null ? HashChain.FIRST_VERSION : members.chain();
        byte[] data = LedgerEventJson.canonical(node, chain);
        RecordedEvent recorded = new RecordedEvent(
                ledger,
                required("sequence", members.sequence()),
                required("id", members.id()),
                time("recordedAt", required("recordedAt", members.recordedAt())),
                text("requestId", required("requestId", members.requestId())),
                text("actor", required("actor", members.actor())),
                chain,
                required("hash", members.hash()),
                event(type, data));
        return new PastEvent(recorded, type, data);
    }

    private LedgerEvent event(String type, byte[] data) {
        LedgerEvent event;
        try {
            event = LedgerEventJson.read(type, data);
        } catch (JacksonException e) {
            throw ProblemException.invalidField(
                    name + ".data", "is not that of " + type + ": " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalidField(name + ".type", e.getMessage());
        }
        checkTexts(event);
        checkTimes(event);
        return event;
    }

    private void checkTexts(LedgerEvent event) {
        Map<String, String> metadata =
                switch (event) {
                    case LedgerOpened opened -> opened.metadata();
                    case AccountConfigured configured -> configured.metadata();
                    case Transaction transaction -> transaction.metadata();
                    case HoldPlaced placed -> placed.metadata();
                    case MetadataChanged changed -> changed.metadata();
                    case HoldReleased released -> Map.of();
                };
        Texts.metadata(name + ".data.metadata", metadata);
        if (event instanceof Transaction transaction) {
            Texts.reference(name + ".data.reference", transaction.reference());
            if (transaction.postings().size() > Transfer.MAX_POSTINGS) {
                throw ProblemException.invalidField(name + ".data.postings", "are at most " + Transfer.MAX_POSTINGS);
            }
        }
    }

    private void checkTimes(LedgerEvent event) {
        if (event instanceof Transaction transaction && transaction.effectiveAt() != null) {
            time("data.effectiveAt", transaction.effectiveAt());
        }
        if (event instanceof HoldPlaced placed && placed.expiresAt() != null) {
            time("data.expiresAt", placed.expiresAt());
        }
    }

    private Instant time(String member, Instant time) {
        if (!RequestValues.time(name + "." + member, time.toString()).equals(time)) {
            throw ProblemException.invalidField(name + "." + member, "a time is in whole microseconds");
        }
        return time;
    }

    private String text(String member, String text) {
        return Texts.required(name + "." + member, text, MAX_REQUEST_ID_LENGTH);
    }

    private <T> T required(String member, @Nullable T value) {
        return RequestValues.required(name + "." + member, value);
    }
}
