package io.daybook.cli.replay;

import io.daybook.cli.client.DaybookClient;
import io.daybook.cli.client.RequestFailed;
import io.daybook.cli.terminal.CommandFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The replays of an installation, as its projections tell of them and take requests. Safe for use by several threads. */
final class OperationsClient {

    private static final String IN_PROGRESS = "operation-in-progress";
    private static final String NOT_POSSIBLE = "action-not-possible";
    private static final String NOT_FOUND = "replay-not-found";
    private static final String REPLAYS = "/v1/operations/replays";
    private static final String PAGE = "limit=1000";

    private final DaybookClient client;

    OperationsClient(DaybookClient client) {
        this.client = client;
    }

    /**
     * Has something posted anew.
     *
     * @return its parts
     */
    List<ReplayPart> start(ObjectNode replay) {
        try {
            return ReplayPart.of(client.post(REPLAYS, replay).body());
        } catch (RequestFailed refusal) {
            throw told(refusal);
        }
    }

    /** In the words of the command line. */
    static CommandFailed told(RequestFailed refusal) {
        JsonNode problem = refusal.problem();
        String detail = problem.path("detail").asString("");
        return switch (refusal.code()) {
            case IN_PROGRESS -> {
                String projection = problem.path("projection").asString();
                yield new CommandFailed(sentence(detail) + ": './daybook replay status' tells how far it is"
                        + (problem.has("ledger")
                                ? "."
                                : ", './daybook replay resume " + projection
                                        + "' goes on with it, './daybook replay discard " + projection
                                        + "' gives it up."));
            }
            case "ledger-not-found" -> new CommandFailed(sentence(detail) + ".");
            case "invalid-field" ->
                new CommandFailed(sentence(problem.at("/errors/0/message").asString(detail)) + ".");
            default -> refusal;
        };
    }

    private static String sentence(String detail) {
        return Character.toUpperCase(detail.charAt(0)) + detail.substring(1);
    }

    /** Whether there is nothing of which that could be asked now. */
    static boolean isRefusal(RequestFailed refusal) {
        return List.of(IN_PROGRESS, NOT_POSSIBLE, NOT_FOUND).contains(refusal.code());
    }

    /** The parts of a replay; none if there is no such any more. */
    List<ReplayPart> find(String id) {
        return ofKnown(() -> ReplayPart.of(client.get(REPLAYS + "/" + id).body()));
    }

    /**
     * The parts of all replays that are about a projection.
     *
     * @param projection null for all
     */
    List<ReplayPart> list(@Nullable String projection) {
        return pages(REPLAYS + "?" + PAGE + (projection == null ? "" : "&projection=" + projection)).stream()
                .flatMap(replay -> ReplayPart.of(replay).stream())
                .filter(part -> projection == null || part.projection().equals(projection))
                .toList();
    }

    /** The ledgers of a part of a replay; none if there is no such any more. */
    List<LedgerReplay> ledgers(ReplayPart.Key part) {
        return ofKnown(() -> pages(REPLAYS + "/" + part.replay() + "/ledgers?" + PAGE).stream()
                .map(LedgerReplay::of)
                .filter(ledger -> ledger.key().projection().equals(part.projection()))
                .toList());
    }

    private static <T> List<T> ofKnown(Supplier<List<T>> question) {
        try {
            return question.get();
        } catch (RequestFailed refusal) {
            if (refusal.code().equals(NOT_FOUND)) {
                return List.of();
            }
            throw refusal;
        }
    }

    private List<JsonNode> pages(String path) {
        List<JsonNode> all = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = client.get(path + next).body();
            page.path("data").forEach(all::add);
            next = page.path("next").isString() ? "&cursor=" + page.path("next").asString() : "";
        } while (!next.isEmpty());
        return all;
    }

    /**
     * Asks something of a part of a replay.
     *
     * @param ledger only this one; null for all of the part
     * @return the part as it is then; empty if it was given up and is not there any more
     * @throws RequestFailed see {@link #isRefusal}
     */
    Optional<ReplayPart> ask(ReplayPart.Key part, ReplayAction action, @Nullable String ledger) {
        ObjectNode body = JsonMapper.shared()
                .createObjectNode()
                .put("action", action.label())
                .put("projection", part.projection());
        if (ledger != null) {
            body.put("ledger", ledger);
        }
        return ReplayPart.of(client.patch(REPLAYS + "/" + part.replay(), body).body()).stream()
                .filter(answer -> answer.key().equals(part))
                .findFirst();
    }
}
