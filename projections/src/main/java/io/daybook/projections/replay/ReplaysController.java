package io.daybook.projections.replay;

import static io.daybook.http.RequestValues.required;

import com.github.f4b6a3.uuid.UuidCreator;
import io.daybook.events.LedgerId;
import io.daybook.http.Page;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import io.daybook.projections.journal.Journal;
import io.daybook.projections.projection.GenerationStore;
import io.daybook.projections.replay.ReplayRequests.LedgerPlace;
import io.daybook.projections.replay.ReplayRequests.Place;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What operators ask of replays. */
@RestController
class ReplaysController {

    private static final Logger LOG = LoggerFactory.getLogger(ReplaysController.class);
    private static final String PATH = "/v1/operations/replays";
    private static final Pattern CURSOR = Pattern.compile("([^_]{1,40})_([0-9a-f-]{36})");
    private static final Pattern LEDGER_CURSOR = Pattern.compile("([a-z]{1,20}):([a-z0-9-]{1,63})");

    /**
     * @param projection only what is of this one
     * @param ledger only this one
     */
    record ActionBody(
            @Nullable String action,
            @Nullable String projection,
            @Nullable String ledger) {}

    private final ReplayRequests replays;
    private final Journal journal;
    private final List<String> projections;

    /**
     * @param stores those of all projections that there are
     */
    ReplaysController(ReplayRequests replays, Journal journal, List<GenerationStore> stores) {
        this.replays = replays;
        this.journal = journal;
        this.projections =
                stores.stream().map(GenerationStore::projection).sorted().toList();
    }

    @PostMapping(PATH)
    ResponseEntity<ReplayView> start(@RequestBody ReplayBody body) {
        List<String> asked = body.projections(projections);
        ReplaySource source = body.sourceOfEvents();
        body.requireFitting();
        ReplayRequest request = body.isWhole()
                ? new ReplayRequest.Whole(asked, source, body.threads(), body.isDryRun())
                : new ReplayRequest.Ledgers(asked, source, fromEventStore(() -> ledgers(body)));
        if (source == ReplaySource.STORE && !journal.isKnown()) {
            throw ProblemException.unavailable(new Journal.UnknownException().getMessage());
        }
        UUID id = UuidCreator.getTimeOrderedEpochFast();
        ReplayView replay = fromBooks(() -> replays.start(id, request));
        LOG.info("replay {} was asked for: {}", id, request);
        return ResponseEntity.accepted().location(URI.create(PATH + "/" + id)).body(replay);
    }

    /** Each with the sequence that it begins with. */
    private Map<LedgerId, Long> ledgers(ReplayBody body) {
        LedgerId only = body.only();
        Instant since = body.since();
        long last = only == null ? 0 : journal.last(only);
        if (only != null && last == 0) {
            throw new ProblemException(ProblemCode.LEDGER_NOT_FOUND, "there is no ledger '" + only + "'");
        }
        if (since == null) {
            LedgerId named = required("ledger", only);
            if (body.first() > last) {
                throw ProblemException.invalidField(
                        "fromSequence",
                        "there are no events from " + body.first() + " on in " + named + ": its last is " + last);
            }
            return Map.of(named, body.first());
        }
        Map<LedgerId, Long> found = journal.firstSince(since, only);
        if (found.isEmpty()) {
            throw ProblemException.invalidField(
                    "fromTime", "there are no events since " + since + (only == null ? "" : " in " + only));
        }
        return found;
    }

    @GetMapping(PATH)
    Page<ReplayView> list(
            @RequestParam(name = "projection", required = false) @Nullable String projection,
            @RequestParam(name = "ledger", required = false) @Nullable String ledger,
            @RequestParam(name = "limit", required = false) @Nullable String limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        String only = projection(projection);
        LedgerId ofLedger = ledger == null ? null : RequestValues.ledger(ledger);
        Place before = cursor == null ? Place.END : place(cursor);
        int atMost = RequestValues.limit(limit);
        return Page.of(
                fromBooks(() -> replays.list(only, ofLedger, before, atMost)),
                atMost,
                replay -> replay.requestedAt() + "_" + replay.id());
    }

    private static Place place(String cursor) {
        MatchResult parts = RequestValues.cursor(cursor, CURSOR);
        return new Place(RequestValues.time("cursor", parts.group(1)), RequestValues.uuid("cursor", parts.group(2)));
    }

    @GetMapping(PATH + "/{id}")
    ReplayView get(@PathVariable("id") String id) {
        UUID replay = RequestValues.uuid("id", id);
        return fromBooks(() -> replays.find(replay)).orElseThrow(() -> notFound(replay));
    }

    @GetMapping(PATH + "/{id}/ledgers")
    Page<LedgerReplayView> ledgers(
            @PathVariable("id") String id,
            @RequestParam(name = "limit", required = false) @Nullable String limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        UUID replay = RequestValues.uuid("id", id);
        LedgerPlace after = cursor == null ? LedgerPlace.START : ledgerPlace(cursor);
        int atMost = RequestValues.limit(limit);
        fromBooks(() -> replays.find(replay)).orElseThrow(() -> notFound(replay));
        return Page.of(
                fromBooks(() -> replays.ledgers(replay, after, atMost)),
                atMost,
                ledger -> ledger.projection() + ":" + ledger.ledger());
    }

    private static LedgerPlace ledgerPlace(String cursor) {
        MatchResult parts = RequestValues.cursor(cursor, LEDGER_CURSOR);
        return new LedgerPlace(parts.group(1), parts.group(2));
    }

    @PatchMapping(PATH + "/{id}")
    ReplayView ask(@PathVariable("id") String id, @RequestBody ActionBody body) {
        UUID replay = RequestValues.uuid("id", id);
        ReplayAction action = ReplayAction.of(required("action", body.action()))
                .orElseThrow(
                        () -> ProblemException.invalidField("action", "is one of pause, resume, discard, rollback"));
        String projection = projection(body.projection());
        LedgerId ledger = body.ledger() == null ? null : RequestValues.ledger(body.ledger());
        ReplayView view =
                fromBooks(() -> replays.ask(replay, action, projection, ledger)).orElseThrow(() -> notFound(replay));
        LOG.info("of replay {} was asked: {}", replay, body);
        return view;
    }

    private @Nullable String projection(@Nullable String name) {
        if (name != null && !projections.contains(name)) {
            throw ProblemException.invalidField("projection", "is one of " + String.join(", ", projections));
        }
        return name;
    }

    private static ProblemException notFound(UUID id) {
        return new ProblemException(
                ProblemCode.REPLAY_NOT_FOUND,
                "there is no replay " + id + ", or another has taken its place; GET " + PATH
                        + " lists those that there are");
    }

    private static <T> T fromBooks(Supplier<T> question) {
        return from("the books' database", question);
    }

    private static <T> T fromEventStore(Supplier<T> question) {
        try {
            return from("the event store", question);
        } catch (Journal.UnknownException e) {
            throw ProblemException.unavailable(e.getMessage());
        }
    }

    private static <T> T from(String store, Supplier<T> question) {
        try {
            return question.get();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("{} cannot be asked for a replay: {}", store, e.toString());
            throw ProblemException.unavailable(store + " cannot be reached at the moment; ask again shortly");
        }
    }
}
