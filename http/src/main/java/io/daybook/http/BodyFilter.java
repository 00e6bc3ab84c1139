package io.daybook.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses bodies above a bound, whether they declare their length or not, and bodies that are compressed or in another
 * encoding than UTF-8, whether they declare it or not.
 */
final class BodyFilter extends OncePerRequestFilter {

    private static final String IDENTITY = "identity";
    private static final String MULTIPART = "multipart";

    private final long maxBytes;
    private final HandlerExceptionResolver problems;

    BodyFilter(long maxBytes, HandlerExceptionResolver problems) {
        this.maxBytes = maxBytes;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ProblemException refusal = refusal(request);
        if (refusal != null) {
            problems.resolveException(request, response, null, refusal);
        } else {
            chain.doFilter(new CheckedRequest(request), response);
        }
    }

    private @Nullable ProblemException refusal(HttpServletRequest request) {
        if (request.getContentLengthLong() > maxBytes) {
            return tooLarge();
        }
        for (String coding : Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING))) {
            if (!coding.strip().equalsIgnoreCase(IDENTITY)) {
                return new ProblemException(
                                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                                "a body is taken as it is, not in the encoding '" + coding
                                        + "'; send it without Content-Encoding")
                        .with(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
            }
        }
        String type = request.getContentType();
        return type == null || type.isBlank() ? null : refusal(type);
    }

    private static @Nullable ProblemException refusal(String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            if (type.getCharset() != null && !type.getCharset().equals(StandardCharsets.UTF_8)) {
                return new ProblemException(
                        ProblemCode.UNSUPPORTED_MEDIA_TYPE, "a body is in UTF-8, not in " + type.getCharset());
            }
            if (type.isConcrete() && !type.getType().equals(MULTIPART)) {
                return null;
            }
        } catch (InvalidMediaTypeException e) {
            // As little as one that is not taken.
        }
        return new ProblemException(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                "a body is one document in UTF-8; send it with a Content-Type that says so, such as application/json");
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ProblemCode.TOO_LARGE,
                "the body is larger than the " + maxBytes
                        + " bytes that are taken; split it into several requests, for example smaller batches");
    }

    private static ProblemException notUtf8() {
        return new ProblemException(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                "the body begins as text in UTF-16 or UTF-32 does; send it in UTF-8");
    }

    /** What was read of the body shows that it is not taken. */
    static final class RefusedBodyException extends IOException {
        private final transient ProblemException problem;

        private RefusedBodyException(ProblemException problem) {
            super(problem.getMessage());
            this.problem = problem;
        }

        ProblemException problem() {
            return problem;
        }
    }

    private final class CheckedRequest extends HttpServletRequestWrapper {

        CheckedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new CheckedStream(super.getInputStream());
        }
    }

    private final class CheckedStream extends ServletInputStream {

        /** In place of the first byte while nothing has been read. */
        private static final int NONE = -1;

        private final ServletInputStream body;
        private long read;
        private int first = NONE;

        CheckedStream(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = body.read(buffer, offset, length);
            for (int i = 0; i < n && read + i < 2; i++) {
                check(buffer[offset + i] & 0xff);
            }
            read += Math.max(n, 0);
            if (read > maxBytes) {
                throw new RefusedBodyException(tooLarge());
            }
            return n;
        }

        /**
         * JSON begins with a character of ASCII, so the first two bytes tell (RFC 4627, section 3): in UTF-16 and UTF-32 one
         * of them is zero, or they are a byte order mark.
         */
        private void check(int next) throws IOException {
            boolean isMark = first == 0xfe && next == 0xff || first == 0xff && next == 0xfe;
            if (next == 0 || isMark) {
                throw new RefusedBodyException(notUtf8());
            }
            first = next;
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
