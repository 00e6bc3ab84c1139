package io.daybook.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Map;
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
import org.springframework.util.MimeType;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
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
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyFilter.RefusedBodyException refusal) {
                return refused(refusal.problem());
            }
        }
        return answer(
                switch (exception.getCause()) {
                    case DatabindException invalid -> Problem.invalidField(path(invalid), message(invalid));
                    case JacksonException malformed ->
                        Problem.of(ProblemCode.MALFORMED_REQUEST, whatIsNotJson(malformed));
                    case null, default ->
                        Problem.of(ProblemCode.MALFORMED_REQUEST, "the body is missing or cannot be read as JSON");
                },
                new HttpHeaders());
    }

    /** In words of our own: what the parser says is about itself, such as what it could be told to take. */
    private static String whatIsNotJson(JacksonException malformed) {
        TokenStreamLocation location = malformed.getLocation();
        String place =
                location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        String what =
                switch (malformed) {
                    case StreamConstraintsException tooMuch ->
                        "has a number, a name or a nesting longer or deeper than is read";
                    case UnexpectedEndOfInputException ended -> "is not JSON: it ends too early";
                    default ->
                        String.valueOf(malformed.getOriginalMessage()).startsWith("Duplicate")
                                ? "has the same field twice"
                                : "is not JSON: it cannot be read";
                };
        return "the body " + what + place;
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
            return answer(
                    Problem.of(
                            code,
                            exception instanceof HttpMediaTypeException ofType
                                    ? detail(code, ofType)
                                    : detail(code, request)),
                    ofSpring.getHeaders());
        }
        LOG.error("request {} failed", Caller.of(request).requestId(), exception);
        return answer(
                Problem.of(ProblemCode.INTERNAL_ERROR, detail(ProblemCode.INTERNAL_ERROR, request)), new HttpHeaders());
    }

    private static String detail(ProblemCode code, HttpMediaTypeException exception) {
        String types = exception.getSupportedMediaTypes().stream()
                .filter(MimeType::isConcrete)
                .map(MimeType::toString)
                .distinct()
                .collect(Collectors.joining(" or "));
        return code == ProblemCode.NOT_ACCEPTABLE
                ? "the answer is " + types + ", which the header Accept leaves out"
                : "a body is taken here as " + types + ", which the header Content-Type has to say";
    }

    /** What a refusal says of which nothing but its code is known. */
    static String detail(ProblemCode code, HttpServletRequest request) {
        return switch (code) {
            case NOT_FOUND -> "there is nothing at this path; /openapi tells of all that there are";
            case METHOD_NOT_ALLOWED -> "this method is not allowed at this path; the header Allow names those that are";
            case NOT_ACCEPTABLE -> "the answer is application/json, which the header Accept leaves out";
            case TOO_LARGE -> "the request is larger than is taken; split it into several";
            case UNSUPPORTED_MEDIA_TYPE ->
                "a body is taken as application/json, which the header Content-Type has to say";
            case UNAVAILABLE -> "the server cannot answer at the moment; try again shortly";
            case INTERNAL_ERROR ->
                "the request failed and may be tried again with the same Idempotency-Key; the log tells more under "
                        + Caller.of(request).requestId();
            default -> "the request line, a header or a parameter is not what can be read here";
        };
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
