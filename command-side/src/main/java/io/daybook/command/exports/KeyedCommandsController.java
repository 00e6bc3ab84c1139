package io.daybook.command.exports;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.daybook.command.store.KeyedCommands;
import io.daybook.command.store.KeyedCommands.Keyed;
import io.daybook.command.store.KeyedCommands.Place;
import io.daybook.events.LedgerId;
import io.daybook.http.Page;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * By what repeats of a ledger's commands are known. It is asked of this side, as the read models have no need of it and so
 * nothing of it.
 */
@RestController
class KeyedCommandsController {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedCommandsController.class);
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,18})\\.([0-9a-f-]{36})");

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CommandView(
            long sequence,
            UUID id,
            String fingerprint,
            @Nullable RememberedView remembered) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RememberedView(
            @Nullable UUID event,
            @Nullable String type,
            @JsonRawValue @Nullable String data) {}

    private final JdbcTemplate eventStore;

    KeyedCommandsController(JdbcTemplate eventStore) {
        this.eventStore = eventStore;
    }

    @GetMapping("/v1/ledgers/{ledger}/keyed-commands")
    Page<CommandView> list(
            @PathVariable("ledger") String name,
            @RequestParam(name = "limit", required = false) @Nullable String limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
        LedgerId ledger = RequestValues.ledger(name);
        KeyedCommands.Page page =
                read(ledger, cursor == null ? Place.START : place(cursor), RequestValues.limit(limit));
        if (page == null) {
            throw new ProblemException(Problem.of(ProblemCode.LEDGER_NOT_FOUND, "there is no ledger '" + ledger + "'"));
        }
        Place next = page.next();
        return new Page<>(
                page.commands().stream().map(KeyedCommandsController::view).toList(),
                next == null ? null : next.sequence() + "." + next.eventId());
    }

    private KeyedCommands.@Nullable Page read(LedgerId ledger, Place after, int limit) {
        try {
            return KeyedCommands.after(eventStore, ledger, after, limit);
        } catch (DataAccessException e) {
            LOG.warn("the keyed commands of ledger {} cannot be read: {}", ledger, e.toString());
            throw ProblemException.unavailable("the event store could not be read; ask again shortly");
        }
    }

    private static Place place(String cursor) {
        MatchResult parts = RequestValues.cursor(cursor, CURSOR);
        return new Place(Long.parseLong(parts.group(1)), RequestValues.uuid("cursor", parts.group(2)));
    }

    private static CommandView view(Keyed command) {
        KeyedCommands.Remembered remembered = command.remembered();
        return new CommandView(
                command.sequence(),
                command.eventId(),
                command.fingerprint(),
                remembered == null
                        ? null
                        : new RememberedView(remembered.standingId(), remembered.type(), remembered.data()));
    }
}
