package io.daybook.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Has TRACE refused as any other method is that a path does not have, with those that it has. A servlet would answer it by
 * itself, with what was sent: so it is given a name that no servlet knows.
 */
final class TraceMethodFilter extends OncePerRequestFilter {

    private static final String UNKNOWN = "trace";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(HttpMethod.TRACE.matches(request.getMethod()) ? unknown(request) : request, response);
    }

    private static HttpServletRequest unknown(HttpServletRequest request) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public String getMethod() {
                return UNKNOWN;
            }
        };
    }
}
