package io.daybook.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.servlet.ServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A problem document as RFC 9457 has it.
 *
 * @param type a URI that names the kind of problem
 * @param title the kind of problem, for people
 * @param status the HTTP status
 * @param detail what was asked, what is the case, and what to do
 * @param code the kind of problem, for programs
 * @param errors the fields that are wrong; empty if it is not about fields
 * @param extensions further members of this kind of problem, such as the account that lacks funds, written by name
 */
@JsonPropertyOrder({"type", "title", "status", "detail", "code", "errors"})
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors,
        @JsonAnyGetter Map<String, Object> extensions) {

    private static final String TYPE_PREFIX = "https://daybook.io/problems/";
    private static final String NOTED = Problem.class.getName();

    /** The same problem is always written in the same order. */
    public Problem {
        extensions = Collections.unmodifiableSortedMap(new TreeMap<>(extensions));
    }

    /** One wrong field: its path in the body such as {@code postings[0].amount}, and what is wrong with it. */
    public record FieldError(String field, String message) {}

    public static Problem of(ProblemCode code, String detail) {
        return of(code, detail, Map.of());
    }

    public static Problem of(ProblemCode code, String detail, Map<String, Object> extensions) {
        return new Problem(
                TYPE_PREFIX + code.code(), code.title(), code.status(), detail, code.code(), List.of(), extensions);
    }

    public static Problem invalidField(String field, String message) {
        ProblemCode code = ProblemCode.INVALID_FIELD;
        return new Problem(
                TYPE_PREFIX + code.code(),
                code.title(),
                code.status(),
                field + ": " + message,
                code.code(),
                List.of(new FieldError(field, message)),
                Map.of());
    }

    /** Remembers with a request that it is answered with a problem of this code. */
    static void note(ServletRequest request, String code) {
        request.setAttribute(NOTED, code);
    }

    /** The code of the problem that a request was answered with, or null if it was not. */
    public static @Nullable String codeOf(ServletRequest request) {
        return request.getAttribute(NOTED) instanceof String code ? code : null;
    }
}
