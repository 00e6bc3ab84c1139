package io.daybook.command.imports;

import io.daybook.command.intake.Texts;
import io.daybook.command.ledger.LedgerCommand.ConfigureAccount;
import io.daybook.command.ledger.LedgerCommand.RequestedTransaction;
import io.daybook.command.ledger.PastCommand;
import io.daybook.command.ledger.PastEvent;
import io.daybook.events.Envelope;
import io.daybook.events.HashChain;
import io.daybook.events.LedgerEvent;
import io.daybook.events.LedgerEvent.AccountConfigured;
import io.daybook.events.LedgerEvent.HoldPlaced;
import io.daybook.events.LedgerEvent.HoldReleased;
import io.daybook.events.LedgerEvent.LedgerOpened;
import io.daybook.events.LedgerEvent.MetadataChanged;
import io.daybook.events.LedgerEvent.Transaction;
import io.daybook.events.LedgerId;
import io.daybook.events.Overdraft;
import io.daybook.events.RecordedEvent;
import io.daybook.events.Times;
import io.daybook.events.UpcasterChain;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import io.daybook.messages.LedgerEventJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of an export: an event as the API gives it, with the name of its ledger and the fingerprint of its request; or a
 * command that led to no event. Of what the hash does not cover, only the form is looked at. Order and white space of the
 * line do not matter, as the hash is over the canonical form; all else must be such as Daybook itself records, because all
 * that reads the journal relies on it.
 */
final class EventLine {

    private static final int MAX_REQUEST_ID_LENGTH = 255;

    /** Before it, nothing was recorded anywhere; what searches events reaches no further back. */
    private static final Instant EARLIEST_RECORDED = Instant.EPOCH;

    /** By how much another installation's clock may be ahead of this one's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    /** What a digest that tells requests apart looks like, of this version and of earlier ones. */
    private static final Pattern FINGERPRINT = Pattern.compile("([0-9]{1,3}:)?[0-9a-f]{64}");

    /** The member by which a command that led to no event is told from an event. */
    private static final String REMEMBERED = "remembered";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String name;
    private final ObjectNode members;

    private EventLine(String name, ObjectNode members) {
        this.name = name;
        this.members = members;
    }

    /**
     * @param name by which a problem names the line
     */
    static EventLine read(String name, String line) {
        String why = "it is no object";
        try {
            if (JSON.readValue(line, JsonNode.class) instanceof ObjectNode members) {
                return new EventLine(name, members);
            }
        } catch (JacksonException e) {
            why = e.getOriginalMessage();
        }
        throw ProblemException.invalidField(
                name, "is not an event as GET /v1/ledgers/{ledger}/events gives it: " + why);
    }

    /**
     * @param now no event was recorded later
     * @throws ProblemException if it is not an event that this version of Daybook knows and would record, or one of another
     *     ledger
     */
    PastEvent of(LedgerId ledger, Instant now) {
        requireOf(ledger);
        String type = boundedText("type");
        if (!(required("data") instanceof ObjectNode given)) {
            throw invalid("data", "is an object");
        }
        int chain = chain();
        byte[] data = LedgerEventJson.canonical(given, chain);
        RecordedEvent recorded = new RecordedEvent(
                ledger,
                new Envelope(
                        sequence(),
                        RequestValues.uuid(name + ".id", text("id")),
                        recordedAt(now),
                        boundedText("requestId"),
                        boundedText("actor"),
                        chain,
                        text("hash")),
                event(type, given, data));
        return new PastEvent(recorded, type, data, isThere("fingerprint") ? fingerprint() : null);
    }

    /** Whether it is a command that led to no event. */
    boolean isCommand() {
        return isThere(REMEMBERED);
    }

    /**
     * @throws ProblemException if it is not a command that this version of Daybook could remember, or one of another ledger
     */
    PastCommand command(LedgerId ledger) {
        requireOf(ledger);
        if (!(required(REMEMBERED) instanceof ObjectNode)) {
            throw invalid(REMEMBERED, "is an object");
        }
        EventLine answer = new EventLine(name + "." + REMEMBERED, (ObjectNode) members.path(REMEMBERED));
        return new PastCommand(
                sequence(),
                RequestValues.uuid(name + ".id", text("id")),
                fingerprint(),
                answer.isThere("event") ? RequestValues.uuid(answer.name + ".event", answer.text("event")) : null,
                answer.isThere("type") ? answer.standing() : null);
    }

    private LedgerEvent standing() {
        if (isThere("event") || !(required("data") instanceof ObjectNode given)) {
            throw ProblemException.invalidField(name, "has either an event, or a type and data, an object");
        }
        LedgerEvent event = event(text("type"), given, LedgerEventJson.canonical(given, HashChain.VERSION));
        boolean canStand =
                event instanceof LedgerOpened || event instanceof AccountConfigured || event instanceof MetadataChanged;
        if (!canStand) {
            throw invalid("type", "is of what stands and is not recorded again: a ledger, an account, or metadata");
        }
        return event;
    }

    private String fingerprint() {
        String text = text("fingerprint");
        if (!FINGERPRINT.matcher(text).matches()) {
            throw invalid("fingerprint", "is a digest in lower-case hexadecimal, as an export gives it");
        }
        return text;
    }

    private void requireOf(LedgerId ledger) {
        if (isThere("ledger") && !text("ledger").equals(ledger.value())) {
            throw ProblemException.invalidField(
                    name,
                    "is of ledger '" + text("ledger") + "'; its hash covers that name, so it can be imported into"
                            + " a ledger of that name only, not into '" + ledger + "'");
        }
    }

    private boolean isThere(String member) {
        JsonNode value = members.path(member);
        return !value.isMissingNode() && !value.isNull();
    }

    private long sequence() {
        JsonNode value = required("sequence");
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw invalid("sequence", "is a whole number");
        }
        return value.longValue();
    }

    /** Which other versions there are is for the chain to say. */
    private int chain() {
        JsonNode value = members.path("chain");
        if (value.isMissingNode() || value.isNull()) {
            return HashChain.FIRST_VERSION;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw invalid("chain", "is a whole number");
        }
        return value.intValue();
    }

    private Instant recordedAt(Instant now) {
        String text = text("recordedAt");
        Instant time;
        try {
            time = Times.parse(text);
        } catch (DateTimeException e) {
            throw invalid("recordedAt", "is written as RFC 3339 has it, such as 2026-01-31T09:00:00Z");
        }
        Instant latest = now.plus(CLOCK_SKEW);
        if (time.isBefore(EARLIEST_RECORDED) || time.isAfter(latest)) {
            throw invalid(
                    "recordedAt",
                    "lies between " + EARLIEST_RECORDED + " and now, by this installation's clock, which says " + now
                            + "; nothing can have been recorded at " + time);
        }
        return inMicros("recordedAt", time);
    }

    private LedgerEvent event(String type, ObjectNode given, byte[] data) {
        LedgerEvent event;
        try {
            event = LedgerEventJson.read(type, data);
        } catch (JacksonException e) {
            throw invalid("data", "is not that of " + type + ": " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw invalid("type", e.getMessage());
        }
        checkBounds(event);
        checkTimes(event);
        // What was written in an earlier shape stands as it was written, and has no other form to be compared with.
        if (!UpcasterChain.ofDaybook().needsStep(type)) {
            checkForm(name + ".data", given, JSON.readTree(LedgerEventJson.write(event)));
        }
        return event;
    }

    /**
     * That each value is there as Daybook writes it: a text and not the number that can be read as the same, nothing more and
     * nothing less.
     */
    private static void checkForm(String path, JsonNode given, JsonNode written) {
        if (given.isObject() && written.isObject()) {
            Set<String> names = new TreeSet<>(given.propertyNames());
            names.addAll(written.propertyNames());
            names.forEach(name -> checkForm(path + "." + name, given.path(name), written.path(name)));
        } else if (given.isArray() && written.isArray() && given.size() == written.size()) {
            for (int i = 0; i < given.size(); i++) {
                checkForm(path + "[" + i + "]", given.get(i), written.get(i));
            }
        } else if (given.isMissingNode()) {
            throw ProblemException.invalidField(path, "is missing; it is " + written);
        } else if (written.isMissingNode()) {
            throw ProblemException.invalidField(path, "does not belong to an event of this kind");
        } else if (!given.equals(written)) {
            throw ProblemException.invalidField(path, "is recorded as " + written + ", not as " + given);
        }
    }

    private void checkBounds(LedgerEvent event) {
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
        if (event instanceof LedgerOpened opened) {
            Texts.region(name + ".data.region", opened.region());
        }
        if (event instanceof AccountConfigured configured) {
            boolean namesTooMany = configured.limits().size() > ConfigureAccount.MAX_ASSETS
                    || configured.overdraft() instanceof Overdraft.Limited(var limits)
                            && limits.size() > ConfigureAccount.MAX_ASSETS;
            if (namesTooMany) {
                throw invalid("data", "names at most " + ConfigureAccount.MAX_ASSETS + " assets");
            }
        }
        if (event instanceof Transaction transaction) {
            Texts.reference(name + ".data.reference", transaction.reference());
            if (transaction.postings().size() > RequestedTransaction.MAX_POSTINGS) {
                throw invalid("data.postings", "are at most " + RequestedTransaction.MAX_POSTINGS);
            }
        }
    }

    private void checkTimes(LedgerEvent event) {
        if (event instanceof Transaction transaction && transaction.effectiveAt() != null) {
            businessTime("data.effectiveAt", transaction.effectiveAt());
        }
        if (event instanceof HoldPlaced placed && placed.expiresAt() != null) {
            businessTime("data.expiresAt", placed.expiresAt());
        }
    }

    private void businessTime(String member, Instant time) {
        RequestValues.time(name + "." + member, time.toString());
        inMicros(member, time);
    }

    private Instant inMicros(String member, Instant time) {
        if (!time.truncatedTo(ChronoUnit.MICROS).equals(time)) {
            throw invalid(member, "a time is in whole microseconds");
        }
        return time;
    }

    private String boundedText(String member) {
        return Texts.required(name + "." + member, text(member), MAX_REQUEST_ID_LENGTH);
    }

    private String text(String member) {
        JsonNode value = required(member);
        if (!value.isString()) {
            throw invalid(member, "is a string");
        }
        return value.stringValue();
    }

    private JsonNode required(String member) {
        return RequestValues.required(name + "." + member, isThere(member) ? members.path(member) : null);
    }

    private ProblemException invalid(String member, String message) {
        return ProblemException.invalidField(name + "." + member, message);
    }
}
