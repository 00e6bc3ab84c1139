package io.daybook.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Names each request on its answer and in the log, and gives its {@link Caller} to controllers. */
final class CallerFilter extends OncePerRequestFilter implements HandlerMethodArgumentResolver {

    /** What a line of the log that was written on behalf of a request tells of it. */
    private static final String LOGGED_REQUEST = "http.request.id";

    private static final String LOGGED_TRACE = "trace.id";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Caller caller = Caller.of(request);
        response.setHeader(Headers.REQUEST_ID, caller.requestId());
        response.setHeader(TraceContext.TRACERESPONSE, caller.trace().asParent());
        MDC.put(LOGGED_REQUEST, caller.requestId());
        MDC.put(LOGGED_TRACE, caller.trace().traceId());
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(LOGGED_REQUEST);
            MDC.remove(LOGGED_TRACE);
        }
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Caller.class;
    }

    @Override
    public @Nullable Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binderFactory) {
        // Commands know their caller; one with two keys would be known by neither.
        String[] keys = request.getHeaderValues(Headers.IDEMPOTENCY_KEY);
        if (keys != null && keys.length > 1) {
            throw ProblemException.invalidField(
                    Headers.IDEMPOTENCY_KEY, "is given once, not " + keys.length + " times");
        }
        return Caller.of(request.getNativeRequest(HttpServletRequest.class));
    }
}
