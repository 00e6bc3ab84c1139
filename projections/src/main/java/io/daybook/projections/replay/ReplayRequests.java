package io.daybook.projections.replay;

import io.daybook.events.LedgerId;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.projections.replay.ReplayView.PartView;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What operators ask of replays, in tables {@code generation} and {@code repair}, and what they are told of it. It is taken up
 * by {@link Replay} and {@link Repairs}, on whichever node they are at it.
 *
 * <p>A row has the id of what was asked for last. So a replay that is over is known until another takes its place.
 */
final class ReplayRequests {

    /** Of so many ledgers in a projection it is told what is in their way. */
    private static final int EXAMPLES = 5;

    private static final String NOT_TAKEN_UP = "something else was just asked of %s and is not taken up yet";

    /** An id, and when it was asked for: in this order replays are listed, the last one first. */
    record Place(Instant requestedAt, UUID id) {

        static final Place END = new Place(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1, -1));
    }

    /** A part of a replay, with the place of that. */
    private record Part(Place place, PartView view) {}

    private final JdbcTemplate books;
    private final TransactionTemplate transactions;

    ReplayRequests(JdbcTemplate books, PlatformTransactionManager transactions) {
        this.books = books;
        this.transactions = new TransactionTemplate(transactions);
    }

    /**
     * Has something posted anew: all that is asked for, or nothing if a part of it cannot be.
     *
     * @throws ProblemException {@code operation-in-progress} if a part of it is being posted anew, or is paused
     */
    ReplayView start(UUID id, ReplayRequest request) {
        transactions.executeWithoutResult(transaction -> {
            for (String projection : request.projections()) {
                switch (request) {
                    case ReplayRequest.Whole whole -> start(id, projection, whole);
                    case ReplayRequest.Ledgers ledgers ->
                        ledgers.ledgers()
                                .forEach((ledger, first) -> start(id, projection, ledger, first, request.source()));
                }
            }
        });
        return find(id).orElseThrow();
    }

    private void start(UUID id, String projection, ReplayRequest.Whole request) {
        boolean isAsked = books.update(
                        """
                        update generation
                           set replay = ?, requested_at = now(), wanted = ?, wanted_source = ?, wanted_parallel = ?,
                               outcome = null, comparing = false, differences = null, detail = null
                         where projection = ? and wanted is null and (state is null or state = ?)
                        """,
                        id,
                        request.dryRun() ? "dry-run" : "replay",
                        request.source().label(),
                        request.parallel(),
                        projection,
                        GenerationTable.KEPT)
                == 1;
        if (!isAsked) {
            Part other = generations("projection = ?", "", projection).getFirst();
            boolean isOpen = other.view().action() == null && other.view().state() != ReplayState.REQUESTED;
            throw inProgress(
                    isOpen
                            ? "a generation of " + projection + " is being built already, or is paused"
                            : NOT_TAKEN_UP.formatted(projection),
                    Map.of("projection", projection, "replay", other.place().id()));
        }
    }

    private void start(UUID id, String projection, LedgerId ledger, long first, ReplaySource source) {
        boolean isAsked = books.update("""
                insert into repair (replay, projection, ledger, source, from_sequence) values (?, ?, ?, ?, ?)
                on conflict (projection, ledger)
                do update set replay = excluded.replay, requested_at = now(), source = excluded.source,
                              from_sequence = excluded.from_sequence, state = 'wanted', reached = 0, events = 0, behind = 0,
                              post_rate = 0, detail = null, updated_at = now()
                 where repair.state in ('paused', 'failed', 'done')
                """, id, projection, ledger.value(), source.label(), first) == 1;
        if (!isAsked) {
            throw inProgress(
                    "ledger " + ledger + " is being posted anew in " + projection + " already",
                    Map.of("projection", projection, "ledger", ledger.value()));
        }
    }

    private static ProblemException inProgress(String detail, Map<String, Object> extensions) {
        return new ProblemException(ProblemCode.OPERATION_IN_PROGRESS, detail, extensions);
    }

    Optional<ReplayView> find(UUID id) {
        List<Part> parts = parts(List.of(id));
        return parts.isEmpty() ? Optional.empty() : Optional.of(view(parts));
    }

    /** One more than wanted, if there are more. */
    List<ReplayView> list(@Nullable String projection, @Nullable LedgerId ledger, Place before, int limit) {
        List<UUID> ids = books.queryForList(
                """
                select replay
                  from (select replay, requested_at, projection, null as ledger from generation
                        union all
                        select replay, requested_at, projection, ledger from repair) part
                 where (?::text is null or projection = ?) and (?::text is null or ledger = ?)
                 group by replay
                having (max(requested_at), replay) < (?, ?)
                 order by max(requested_at) desc, replay desc
                 limit ?
                """,
                UUID.class,
                projection,
                projection,
                ledger == null ? null : ledger.value(),
                ledger == null ? null : ledger.value(),
                OffsetDateTime.ofInstant(before.requestedAt(), ZoneOffset.UTC),
                before.id(),
                limit + 1);
        Map<UUID, List<Part>> parts = new LinkedHashMap<>();
        ids.forEach(id -> parts.put(id, new ArrayList<>()));
        parts(ids).forEach(part -> parts.get(part.place().id()).add(part));
        // One may have been overtaken meanwhile.
        return parts.values().stream()
                .filter(some -> !some.isEmpty())
                .map(ReplayRequests::view)
                .toList();
    }

    private static ReplayView view(List<Part> parts) {
        Place place = parts.getFirst().place();
        return ReplayView.of(
                place.id(),
                parts.stream()
                        .map(part -> part.place().requestedAt())
                        .max(Instant::compareTo)
                        .orElseThrow(),
                parts.stream().map(Part::view).toList());
    }

    private List<Part> parts(List<UUID> ids) {
        Object all = ids.stream().map(UUID::toString).toArray(String[]::new);
        List<Part> parts = new ArrayList<>(generations("replay = any (?::uuid[])", "", all));
        parts.addAll(ledgers("replay = any (?::uuid[])", all));
        return parts;
    }

    private List<Part> generations(String condition, String lock, Object... parameters) {
        return books.query(
                """
                select projection, live, aside, g.state, dry_run, wanted, outcome, comparing, differences, events, behind,
                       post_rate, g.detail, replay, requested_at, greatest(0, behind - coalesce(lag_events, 0)) as behind_live
                  from generation g left join projection p on p.name = projection
                 where %s order by projection %s
                """.formatted(condition, lock), (row, number) -> new Part(place(row), generation(row)), parameters);
    }

    private static PartView generation(ResultSet row) throws SQLException {
        String state = row.getString("state");
        String wanted = row.getString("wanted");
        ReplayState told =
                ReplayState.ofGeneration(state, wanted, row.getBoolean("comparing"), row.getString("outcome"));
        boolean isRequested = told == ReplayState.REQUESTED;
        Array differences = row.getArray("differences");
        return new PartView(
                row.getString("projection"),
                told,
                told == ReplayState.COMPARING ? null : ReplayAction.of(wanted).orElse(null),
                row.getInt("live"),
                row.getObject("aside", Integer.class),
                isRequested ? "dry-run".equals(wanted) : row.getBoolean("dry_run"),
                // Before it has begun these are of what was before.
                isRequested ? 0 : row.getLong("events"),
                isRequested ? 0 : row.getLong("behind"),
                isRequested ? 0 : row.getLong("behind_live"),
                told == ReplayState.RUNNING ? row.getDouble("post_rate") : 0,
                row.getString("detail"),
                differences == null ? null : Arrays.asList((String[]) differences.getArray()),
                null,
                told == ReplayState.COMPARING ? List.of() : ReplayAction.ofGeneration(state, wanted));
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(
                row.getObject("requested_at", OffsetDateTime.class).toInstant(), row.getObject("replay", UUID.class));
    }

    /** Ledgers are told of together: there may be many. */
    private List<Part> ledgers(String condition, Object... parameters) {
        return books.query(
                """
                select replay, projection, max(requested_at) as requested_at, array_agg(distinct state) as states,
                       count(*) as ledgers, sum(events) as events, sum(behind) as behind,
                       coalesce(sum(post_rate) filter (where state = 'running'), 0) as post_rate,
                       array_to_string((array_agg('ledger ' || ledger || ': ' || detail order by ledger)
                                        filter (where detail is not null and state <> 'done'))[1:%d], '; ') as detail
                  from repair where %s group by replay, projection order by projection
                """.formatted(EXAMPLES, condition), (row, number) -> new Part(place(row), ledgers(row)), parameters);
    }

    private static PartView ledgers(ResultSet row) throws SQLException {
        List<ReplayState> states = Arrays.stream(
                        (String[]) row.getArray("states").getArray())
                .map(ReplayState::ofRepair)
                .toList();
        return new PartView(
                row.getString("projection"),
                ReplayState.of(states),
                null,
                null,
                null,
                false,
                row.getLong("events"),
                row.getLong("behind"),
                null,
                row.getDouble("post_rate"),
                row.getString("detail"),
                null,
                row.getLong("ledgers"),
                states.stream()
                        .flatMap(state -> ReplayAction.ofLedger(state).stream())
                        .distinct()
                        .sorted()
                        .toList());
    }

    /** A ledger in a projection: in this order the ledgers of a replay are listed. */
    record LedgerPlace(String projection, String ledger) {

        static final LedgerPlace START = new LedgerPlace("", "");
    }

    /** One more than wanted, if there are more. */
    List<LedgerReplayView> ledgers(UUID id, LedgerPlace after, int limit) {
        return books.query(
                """
                select projection, ledger, state, reached, events, behind, post_rate, detail from repair
                 where replay = ? and (projection, ledger) > (?, ?) order by projection, ledger limit ?
                """,
                (row, number) -> {
                    ReplayState state = ReplayState.ofRepair(row.getString("state"));
                    return new LedgerReplayView(
                            row.getString("projection"),
                            row.getString("ledger"),
                            state,
                            row.getLong("reached"),
                            row.getLong("events"),
                            row.getLong("behind"),
                            state == ReplayState.RUNNING ? row.getDouble("post_rate") : 0,
                            row.getString("detail"),
                            ReplayAction.ofLedger(state));
                },
                id,
                after.projection(),
                after.ledger(),
                limit + 1);
    }

    /**
     * Asks something of a replay, or of a part of it: of all that it makes sense for.
     *
     * @param projection only what is of this one; null for all
     * @param ledger only this one; null for all
     * @return as it is then; what was given up and is not there any more, too
     * @throws ProblemException {@code operation-in-progress} if what was asked before is not taken up yet,
     *     {@code action-not-possible} if there is nothing that it makes sense for
     */
    Optional<ReplayView> ask(UUID id, ReplayAction action, @Nullable String projection, @Nullable LedgerId ledger) {
        return transactions.execute(transaction -> {
            List<Part> generations = ledger != null
                    ? List.of()
                    : generations(
                            "replay = ? and (?::text is null or projection = ?)",
                            "for no key update of g",
                            id,
                            projection,
                            projection);
            List<Part> ledgers = ledgers(
                    "replay = ? and (?::text is null or projection = ?) and (?::text is null or ledger = ?)",
                    id,
                    projection,
                    projection,
                    ledger == null ? null : ledger.value(),
                    ledger == null ? null : ledger.value());
            List<Part> all = new ArrayList<>(generations);
            all.addAll(ledgers);
            if (all.isEmpty()) {
                return Optional.empty();
            }
            List<Part> asked = all.stream()
                    .filter(part -> part.view().actions().contains(action))
                    .toList();
            if (asked.isEmpty()) {
                throw refused(action, all);
            }
            List<Part> givenUp = new ArrayList<>();
            for (Part part : asked) {
                if (part.view().ledgers() == null) {
                    ask(part, action);
                } else if (action == ReplayAction.DISCARD) {
                    givenUp.add(discard(part, ledger));
                } else {
                    change(part, action, ledger);
                }
            }
            List<Part> after = new ArrayList<>(parts(List.of(id)));
            after.addAll(givenUp);
            return Optional.of(view(after));
        });
    }

    private static ProblemException refused(ReplayAction action, List<Part> parts) {
        for (Part part : parts) {
            if (part.view().action() != null) {
                return inProgress(
                        NOT_TAKEN_UP.formatted(part.view().projection()),
                        Map.of("projection", part.view().projection()));
            }
        }
        return new ProblemException(ProblemCode.ACTION_NOT_POSSIBLE, action.impossible());
    }

    private void ask(Part part, ReplayAction action) {
        boolean hasBegun =
                part.view().state() != ReplayState.REQUESTED && part.view().action() == null;
        if (hasBegun) {
            books.update(
                    "update generation set wanted = ?, detail = null where projection = ?",
                    action.label(),
                    part.view().projection());
        } else {
            books.update("""
                    update generation
                       set outcome = case when wanted in ('replay', 'dry-run') then 'discarded' else outcome end,
                           wanted = null, detail = 'taken back before it had begun', updated_at = now()
                     where projection = ?
                    """, part.view().projection());
        }
    }

    private void change(Part part, ReplayAction action, @Nullable LedgerId ledger) {
        String change =
                switch (action) {
                    case PAUSE -> "state = 'paused' where state in ('wanted', 'running')";
                    case RESUME ->
                        "state = case when state = 'failed' or reached = 0 then 'wanted' else 'running' end, detail = null"
                                + " where state in ('paused', 'failed')";
                    default -> throw new IllegalArgumentException(action + " is not for ledgers");
                };
        books.update(
                "update repair set " + change
                        + " and replay = ? and projection = ? and (?::text is null or ledger = ?)",
                part.place().id(),
                part.view().projection(),
                ledger == null ? null : ledger.value(),
                ledger == null ? null : ledger.value());
    }

    /** They stay parked, if they were. */
    private Part discard(Part part, @Nullable LedgerId ledger) {
        long givenUp = books.queryForObject(
                """
                with given_up as (
                    delete from repair
                     where state <> 'done' and replay = ? and projection = ? and (?::text is null or ledger = ?)
                    returning projection, ledger, state),
                told as (
                    update parked set reason = 'posting it anew was given up'
                      from given_up join generation using (projection)
                     where parked.projection = given_up.projection and parked.ledger = given_up.ledger
                       and parked.generation = live and given_up.state <> 'failed')
                select count(*) from given_up
                """,
                Long.class,
                part.place().id(),
                part.view().projection(),
                ledger == null ? null : ledger.value(),
                ledger == null ? null : ledger.value());
        return new Part(
                part.place(),
                new PartView(
                        part.view().projection(),
                        ReplayState.DISCARDED,
                        null,
                        null,
                        null,
                        false,
                        0,
                        0,
                        null,
                        0,
                        null,
                        null,
                        givenUp,
                        List.of()));
    }
}
