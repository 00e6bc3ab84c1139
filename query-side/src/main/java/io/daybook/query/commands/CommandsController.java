package io.daybook.query.commands;

import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import io.daybook.http.RequestValues;
import io.daybook.query.request.Json;
import io.daybook.query.request.Parameters;
import io.daybook.query.store.CommandOutcomes;
import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What has become of a command that was put on Kafka with {@code Prefer: respond-async}. */
@RestController
class CommandsController {

    private static final String PENDING = "pending";
    private static final String RETRY_AFTER_S = "1";

    private final CommandOutcomes outcomes;

    CommandsController(CommandOutcomes outcomes) {
        this.outcomes = outcomes;
    }

    @GetMapping("/v1/commands/{id}")
    ResponseEntity<Json> outcome(@PathVariable("id") String idText, HttpServletRequest request) {
        UUID id = RequestValues.uuid("id", idText);
        Parameters.of(request);
        Json outcome = outcomes.of(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.COMMAND_NOT_FOUND,
                        "there is no command " + id + "; the outcome of a command can be read for 24 hours"));
        String state =
                JsonMapper.shared().readTree(outcome.text()).path("state").asString("");
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (state.equals(PENDING)) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_S);
        }
        return answer.body(outcome);
    }
}
