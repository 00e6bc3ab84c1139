package io.daybook.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * What a query string asks for and the call does not know, or what is given twice, is refused and never passed over. Queries
 * that read their parameters from the request, as some of them have patterns for names, see to it themselves.
 */
final class CallParameters implements HandlerInterceptor {

    private static final Set<HttpMethod> COMMANDS =
            Set.of(HttpMethod.PUT, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE);

    /** What is beside the contract, such as the page of it, may be asked with whatever a browser adds. */
    private static final String CONTRACT = "/v1/";

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() != null
                && handler instanceof HandlerMethod call
                && request.getRequestURI().startsWith(CONTRACT)) {
            Set<String> known = known(call);
            if (COMMANDS.contains(HttpMethod.valueOf(request.getMethod())) || !readsRequest(call)) {
                RequestValues.parameters(request).forEach((name, values) -> check(name, values, known));
            }
        }
        return true;
    }

    private static void check(String name, String[] values, Set<String> known) {
        if (!known.contains(name)) {
            throw ProblemException.invalidField(
                    name,
                    "is not a parameter of this call; known are "
                            + (known.isEmpty() ? "none" : String.join(", ", known)));
        }
        if (values.length > 1) {
            throw ProblemException.invalidField(name, "is given " + values.length + " times; give it once");
        }
    }

    private static boolean readsRequest(HandlerMethod call) {
        return Arrays.stream(call.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == HttpServletRequest.class);
    }

    private static Set<String> known(HandlerMethod call) {
        return Arrays.stream(call.getMethodParameters())
                .map(parameter -> parameter.getParameterAnnotation(RequestParam.class))
                .filter(parameter -> parameter != null)
                .map(RequestParam::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
