package io.daybook.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Refuses paths with parameters, which would else be left out of them: {@code accounts/a;v=1} is not {@code accounts/a}. */
final class PathFilter extends OncePerRequestFilter {

    private final HandlerExceptionResolver problems;

    PathFilter(HandlerExceptionResolver problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getRequestURI().indexOf(';') >= 0) {
            ProblemException refusal = new ProblemException(
                    ProblemCode.MALFORMED_REQUEST,
                    "the path has a ';', which no path here has: there are no path parameters");
            problems.resolveException(request, response, null, refusal);
        } else {
            chain.doFilter(request, response);
        }
    }
}
