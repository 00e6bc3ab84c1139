package io.daybook.command.exports;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.daybook.command.store.KeyedCommands;
import io.daybook.command.store.KeyedCommands.Keyed;
import io.daybook.command.store.KeyedCommands.Place;
import io.daybook.events.LedgerId;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
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
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Pattern CURSOR = Pattern.compile("([0-9]{1,18})\\.([0-9a-f-]{36})");

    record PageView(List<CommandView> data, @Nullable String next) {}

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
    PageView list(
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
        return new PageView(
                page.commands().stream().map(KeyedCommandsController::view).toList(),
                next == null ? null : next.sequence() + "." + next.eventId());
    }

    private KeyedCommands.@Nullable Page read(LedgerId ledger, Place after, int limit) {
        try {
            return KeyedCommands.after(eventStore, ledger, after, limit);
        } catch (DataAccessException e) {
            LOG.warn("the keyed commands of ledger {} cannot be read: {}", ledger, e.toString());
            throw new ProblemException(
                    Problem.of(ProblemCode.UNAVAILABLE, "the event store could not be read; ask again shortly"),
                    RETRY_AFTER);
        }
    }

    private static Place place(String cursor) {
        Matcher parts = CURSOR.matcher(cursor);
        if (!parts.matches()) {
            throw ProblemException.invalidField("cursor", "is the 'next' of the page before");
        }
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
