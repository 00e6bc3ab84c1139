package io.daybook.http.requestlog;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Which of the contract's paths a request is for.
 *
 * @param template such as {@code /v1/ledgers/{ledger}}; null if it is for none of them
 * @param values of the template's variables, as they were given
 */
record Route(@Nullable String template, Map<String, String> values) {

    private static final Route NONE = new Route(null, Map.of());

    /** What Spring looks for files under, when no controller has the path. */
    private static final String ANYTHING = "/**";

    /**
     * As Spring has found it; if it has not come to look, or has refused, it is looked for here.
     *
     * @param patterns of all routes
     */
    static Route of(HttpServletRequest request, Supplier<List<PathPattern>> patterns) {
        Object found = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (found != null && !found.equals(ANYTHING)) {
            return new Route(found.toString(), values(request));
        }
        String path = request.getRequestURI();
        if (path == null || !path.startsWith("/")) {
            return NONE;
        }
        try {
            PathContainer parsed = PathContainer.parsePath(path);
            for (PathPattern pattern : patterns.get()) {
                PathPattern.PathMatchInfo match = pattern.matchAndExtract(parsed);
                if (match != null) {
                    return new Route(pattern.getPatternString(), match.getUriVariables());
                }
            }
        } catch (IllegalArgumentException e) {
            // It is not a path, which may be why it was refused.
        }
        return NONE;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> values(HttpServletRequest request) {
        Object values = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        return values == null ? Map.of() : (Map<String, String>) values;
    }

    /** Of all routes, the most specific first. */
    static List<PathPattern> patterns(RequestMappingHandlerMapping controllers) {
        return controllers.getHandlerMethods().keySet().stream()
                .map(mapping -> mapping.getPathPatternsCondition())
                .filter(condition -> condition != null)
                .flatMap((PathPatternsRequestCondition condition) -> condition.getPatterns().stream())
                .distinct()
                .sorted(Comparator.naturalOrder())
                .toList();
    }
}
