package io.daybook.command.operations;

import com.github.f4b6a3.uuid.UuidCreator;
import io.daybook.command.publication.RepublicationRequests;
import io.daybook.command.publication.RepublicationView;
import io.daybook.events.LedgerId;
import io.daybook.http.Page;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What operators ask of the topic of events: that it is filled again. */
@RestController
class RepublicationsController {

    private static final Logger LOG = LoggerFactory.getLogger(RepublicationsController.class);
    private static final String PATH = "/v1/operations/republications";

    record RepublicationBody(
            @Nullable String ledger, @Nullable Boolean force) {}

    record ActionBody(@Nullable String action) {}

    private final RepublicationRequests republications;

    RepublicationsController(RepublicationRequests republications) {
        this.republications = republications;
    }

    @PostMapping(PATH)
    ResponseEntity<RepublicationView> start(@RequestBody RepublicationBody body) {
        LedgerId only = body.ledger() == null ? null : RequestValues.ledger(body.ledger());
        if (only != null && !asked(() -> republications.isThere(only))) {
            throw new ProblemException(ProblemCode.LEDGER_NOT_FOUND, "there is no ledger '" + only + "'");
        }
        UUID id = UuidCreator.getTimeOrderedEpochFast();
        boolean isAsked = asked(() -> republications.start(id, only, Boolean.TRUE.equals(body.force())));
        RepublicationView last = asked(republications::last).orElseThrow();
        if (!isAsked) {
            throw new ProblemException(
                    ProblemCode.OPERATION_IN_PROGRESS,
                    "the topic is being filled already; it is " + last.state().label(),
                    Map.of("republication", last.id()));
        }
        LOG.info("republication {} was asked for: {}", id, body);
        return ResponseEntity.accepted().location(URI.create(PATH + "/" + id)).body(last);
    }

    /** There is one at most. */
    @GetMapping(PATH)
    Page<RepublicationView> list() {
        return new Page<>(asked(republications::last).stream().toList(), null);
    }

    @GetMapping(PATH + "/{id}")
    RepublicationView get(@PathVariable("id") String id) {
        return find(RequestValues.uuid("id", id));
    }

    private RepublicationView find(UUID id) {
        return asked(republications::last)
                .filter(last -> last.id().equals(id))
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.REPUBLICATION_NOT_FOUND,
                        "there is no republication " + id + ", or another has taken its place; GET " + PATH
                                + " tells of the last one"));
    }

    @PatchMapping(PATH + "/{id}")
    RepublicationView ask(@PathVariable("id") String id, @RequestBody ActionBody body) {
        UUID republication = RequestValues.uuid("id", id);
        String action = RequestValues.required("action", body.action());
        RepublicationView before = find(republication);
        boolean isDone = asked(() -> switch (action) {
            case "pause" -> republications.pause(republication);
            case "resume" -> republications.resume(republication);
            case "discard" -> republications.discard(republication);
            case "rollback" -> false;
            default -> throw ProblemException.invalidField("action", "is one of pause, resume, discard, rollback");
        });
        if (!isDone) {
            throw new ProblemException(
                    ProblemCode.ACTION_NOT_POSSIBLE,
                    "the republication is " + before.state().label()
                            + (before.state().isOver()
                                    ? ", and so over"
                                    : ": one that is running can be paused, one that is paused goes on, and only one"
                                            + " that has not begun is given up, as a topic that was emptied has to be filled"));
        }
        LOG.info("of republication {} was asked: {}", republication, action);
        return find(republication);
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (DataAccessException e) {
            LOG.warn("the event store cannot be asked for a republication: {}", e.toString());
            throw ProblemException.unavailable("the event store cannot be reached at the moment; ask again shortly");
        }
    }
}
