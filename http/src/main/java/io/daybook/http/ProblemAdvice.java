package io.daybook.http;

import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Turns every exception that ends a request into a problem document. */
@RestControllerAdvice
class ProblemAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Problem> refused(ProblemException refusal) {
        HttpHeaders headers = new HttpHeaders();
        refusal.headers().forEach(headers::set);
        return answer(refusal.problem(), headers);
    }

    @ExceptionHandler
    ResponseEntity<Problem> unreadable(HttpMessageNotReadableException exception) {
        for (Throwable cause = exception.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyLimitFilter.BodyTooLargeException tooLarge) {
                return refused(tooLarge.asProblem());
            }
        }
        return answer(
                switch (exception.getCause()) {
                    case StreamReadException malformed ->
                        Problem.of(ProblemCode.MALFORMED_REQUEST, "the body is not JSON: " + firstLine(malformed));
                    case DatabindException invalid -> Problem.invalidField(path(invalid), message(invalid));
                    case null, default ->
                        Problem.of(ProblemCode.MALFORMED_REQUEST, "the body is missing or cannot be read as JSON");
                },
                new HttpHeaders());
    }

    /** The field at fault, such as {@code postings[0].amount}; {@code body} if it is the document itself. */
    private static String path(DatabindException invalid) {
        String path = invalid.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining());
        return path.isEmpty() ? "body" : path.startsWith(".") ? path.substring(1) : path;
    }

    private static String message(DatabindException invalid) {
        return switch (invalid) {
            case UnrecognizedPropertyException unknown ->
                "is not a field of this request; known are "
                        + Optional.ofNullable(unknown.getKnownPropertyIds()).stream()
                                .flatMap(java.util.Collection::stream)
                                .map(Object::toString)
                                .sorted()
                                .collect(Collectors.joining(", "));
            case ValueInstantiationException rejected
            when rejected.getCause() != null ->
                String.valueOf(rejected.getCause().getMessage());
            default -> firstLine(invalid);
        };
    }

    private static String firstLine(JacksonException exception) {
        String message = String.valueOf(exception.getOriginalMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    @ExceptionHandler
    ResponseEntity<Problem> wrongType(MethodArgumentTypeMismatchException exception) {
        return answer(
                Problem.invalidField(exception.getName(), "'" + exception.getValue() + "' is not a value it can have"),
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Problem> missing(MissingServletRequestParameterException exception) {
        return answer(Problem.invalidField(exception.getParameterName(), "is required"), new HttpHeaders());
    }

    /** The client has gone: there is nobody to answer. */
    @ExceptionHandler
    void clientIsGone(AsyncRequestNotUsableException exception) {
        LOG.debug("client closed its connection before the answer", exception);
    }

    @ExceptionHandler
    ResponseEntity<Problem> anythingElse(Exception exception, WebRequest request) {
        if (exception instanceof ErrorResponse ofSpring
                && ofSpring.getStatusCode().is4xxClientError()) {
            ProblemCode code = ofStatus(ofSpring.getStatusCode().value());
            String detail = Optional.ofNullable(ofSpring.getBody().getDetail()).orElse(code.title());
            return answer(Problem.of(code, detail), ofSpring.getHeaders());
        }
        Caller caller = (Caller) request.getAttribute(Caller.class.getName(), WebRequest.SCOPE_REQUEST);
        String requestId = caller == null ? "unknown" : caller.requestId();
        LOG.error("request {} failed", requestId, exception);
        return answer(
                Problem.of(
                        ProblemCode.INTERNAL_ERROR,
                        "the request failed and may be tried again with the same Idempotency-Key; the log tells more under "
                                + requestId),
                new HttpHeaders());
    }

    private static ProblemCode ofStatus(int status) {
        return switch (status) {
            case 404 -> ProblemCode.NOT_FOUND;
            case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
            case 406 -> ProblemCode.NOT_ACCEPTABLE;
            case 413 -> ProblemCode.TOO_LARGE;
            case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
            default -> ProblemCode.MALFORMED_REQUEST;
        };
    }

    private static ResponseEntity<Problem> answer(Problem problem, @Nullable HttpHeaders headers) {
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
