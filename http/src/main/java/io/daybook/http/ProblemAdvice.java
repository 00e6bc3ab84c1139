package io.daybook.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns every exception that ends a request into a problem document, and notes on the request which it is. */
@RestControllerAdvice
class ProblemAdvice implements ResponseBodyAdvice<Object> {

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
                        Problem.of(
                                ProblemCode.MALFORMED_REQUEST, "the body is not JSON: " + withoutLocation(malformed));
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
        if (invalid instanceof UnrecognizedPropertyException unknown) {
            return "is not a field of this request; known are " + names(unknown.getKnownPropertyIds());
        }
        // Values of the contract say themselves what they want.
        for (Throwable cause = invalid.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException || cause instanceof ArithmeticException) {
                return String.valueOf(cause.getMessage());
            }
        }
        return invalid instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
                ? "is of the wrong type; " + expected(mismatch.getTargetType()) + " is expected"
                : "is not a value it can have";
    }

    private static String names(@Nullable Collection<Object> properties) {
        return properties == null
                ? "none"
                : properties.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }

    private static String expected(Class<?> type) {
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a whole number";
        }
        boolean isObject = Map.class.isAssignableFrom(type) || type.isRecord() && type.getRecordComponents().length > 1;
        return isObject ? "an object" : "a string";
    }

    /** What the parser says, without its remarks about where it stands. */
    private static String withoutLocation(JacksonException exception) {
        return String.valueOf(exception.getOriginalMessage())
                .replaceAll("(?s)\\s*(\\(start marker|\\n|\\[Source).*", "");
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
    ResponseEntity<Problem> anythingElse(Exception exception, HttpServletRequest request) {
        if (exception instanceof ErrorResponse ofSpring
                && ofSpring.getStatusCode().is4xxClientError()) {
            ProblemCode code = ProblemCode.ofStatus(ofSpring.getStatusCode().value());
            String detail = Optional.ofNullable(ofSpring.getBody().getDetail()).orElse(code.title());
            return answer(Problem.of(code, detail), ofSpring.getHeaders());
        }
        String requestId = Caller.of(request).requestId();
        LOG.error("request {} failed", requestId, exception);
        return answer(
                Problem.of(
                        ProblemCode.INTERNAL_ERROR,
                        "the request failed and may be tried again with the same Idempotency-Key; the log tells more under "
                                + requestId),
                new HttpHeaders());
    }

    @Override
    public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converter) {
        return returnType.getContainingClass() == ProblemAdvice.class;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returnType,
            MediaType contentType,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof Problem problem && request instanceof ServletServerHttpRequest ofServlet) {
            Problem.note(ofServlet.getServletRequest(), problem.code());
        }
        return body;
    }

    private static ResponseEntity<Problem> answer(Problem problem, @Nullable HttpHeaders headers) {
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
