package io.daybook.http;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** Answers what Tomcat refuses before it reaches a controller, such as a path that is not a URI, with a problem document. */
public final class ProblemReportValve extends ErrorReportValve {

    /** ASCII is the same in whatever the answer's characters are written. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        // What of HTTP itself is not taken, such as a transfer encoding or a version, is no error here.
        boolean isNotTaken = status == 501 || status == 505;
        ProblemCode code = isNotTaken ? ProblemCode.MALFORMED_REQUEST : ProblemCode.ofStatus(status);
        Problem.note(request, code.code());
        try {
            response.setStatus(code.status());
            if (response.getHeader(Headers.REQUEST_ID) == null) {
                response.setHeader(Headers.REQUEST_ID, Caller.of(request).requestId());
            }
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getReporter()
                    .write(JSON.writeValueAsString(Problem.of(code, ProblemAdvice.detail(code, request))));
            response.finishResponse();
        } catch (IOException | IllegalStateException clientHasGone) {
            container.getLogger().debug("no problem document could be written", clientHasGone);
        }
    }
}
