package io.daybook.http;

import com.github.f4b6a3.uuid.UuidCreator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Finds out who the {@link Caller} is, names the request on its answer, and gives the caller to controllers. */
final class CallerFilter extends OncePerRequestFilter implements HandlerMethodArgumentResolver {

    private static final String ATTRIBUTE = Caller.class.getName();
    private static final String BEARER = "Bearer ";
    private static final int MAX_REQUEST_ID_LENGTH = 128;
    private static final int ACTOR_DIGEST_BYTES = 8;

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Caller caller = new Caller(
                requestId(request.getHeader(Headers.REQUEST_ID)),
                actor(request.getHeader(HttpHeaders.AUTHORIZATION)),
                prefersAsync(request) ? UuidCreator.getTimeOrderedEpoch() : null);
        request.setAttribute(ATTRIBUTE, caller);
        response.setHeader(Headers.REQUEST_ID, caller.requestId());
        chain.doFilter(request, response);
    }

    /** The client's id if it is short and printable, so that it can neither fill nor forge a log. */
    private static String requestId(@Nullable String given) {
        boolean usable = given != null
                && !given.isEmpty()
                && given.length() <= MAX_REQUEST_ID_LENGTH
                && given.chars().allMatch(c -> c > ' ' && c < 127);
        return usable ? given : UuidCreator.getTimeOrderedEpoch().toString();
    }

    /** Whether a {@code Prefer} header has {@code respond-async} among its preferences, which commas separate. */
    private static boolean prefersAsync(HttpServletRequest request) {
        return Collections.list(request.getHeaders(Headers.PREFER)).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .anyMatch(
                        preference -> preference.strip().split("[;\\s]", 2)[0].equalsIgnoreCase(Headers.RESPOND_ASYNC));
    }

    private static String actor(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            return "anonymous";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
            return "token:" + HexFormat.of().formatHex(digest, 0, ACTOR_DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
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
        return request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
    }
}
