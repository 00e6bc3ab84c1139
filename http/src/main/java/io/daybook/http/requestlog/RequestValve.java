package io.daybook.http.requestlog;

import com.github.f4b6a3.uuid.UuidCreator;
import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import io.daybook.http.Caller;
import io.daybook.http.Headers;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.messages.RequestRecord;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.catalina.AccessLog;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Tomcat's access log. Tomcat tells it of every request when that has been answered, whoever has answered it: a controller, a
 * filter, or Tomcat itself where what came in was not HTTP.
 */
final class RequestValve extends ValveBase implements AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger(RequestValve.class);

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");
    private static final String OTHER_METHOD = "OTHER";
    private static final int FIRST_REFUSAL = 400;
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");

    private final RequestLog log;
    private final String server;
    private final Supplier<List<PathPattern>> routes;

    /**
     * @param routes all that there are; asked for only where Spring has not found one
     */
    RequestValve(RequestLog log, String server, Supplier<List<PathPattern>> routes) {
        super(true); // it has no part in the answer, so it may come later
        this.log = log;
        this.server = server;
        this.routes = routes;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
    }

    /** Whatever happens here, the request has been answered. */
    @Override
    public void log(Request request, Response response, long nanos) {
        try {
            Caller caller = Caller.of(request);
            log.offer(record(request, response, nanos, caller), caller.trace());
        } catch (RuntimeException e) {
            LOG.debug("a request cannot be recorded", e);
            log.drop();
        }
    }

    private RequestRecord record(Request request, Response response, long nanos, Caller caller) {
        Route route = Route.of(request, routes);
        String template = route.template() == null ? "" : route.template();
        String id = valid(route, "id", RequestValve::id);
        return new RequestRecord(
                UuidCreator.getTimeOrderedEpochFast().toString(),
                Instant.now().minusNanos(nanos).truncatedTo(ChronoUnit.MICROS),
                nanos,
                method(request.getMethod()),
                route.template(),
                response.getStatus(),
                problem(request, response.getStatus()),
                caller.requestId(),
                caller.actor(),
                caller.trace().traceId(),
                caller.trace().spanId(),
                valid(route, "ledger", name -> new LedgerId(name).value()),
                valid(route, "account", address -> new AccountAddress(address).value()),
                template.contains("/transactions/") ? id : null,
                template.contains("/holds/") ? id : null,
                template.contains("/commands/") ? id : later(caller),
                sequence(response.getHeader(Headers.LEDGER_SEQUENCE)),
                request.getCoyoteRequest().getBytesRead(),
                response.getContentWritten(),
                server);
    }

    /** What is not a method could be anything; of what is not HTTP there is none. */
    private static String method(@Nullable String given) {
        return given != null && METHODS.contains(given) ? given : OTHER_METHOD;
    }

    private static @Nullable String problem(Request request, int status) {
        String told = Problem.codeOf(request);
        return told != null || status < FIRST_REFUSAL
                ? told
                : ProblemCode.ofStatus(status).code();
    }

    /** What the path says, if it is of the form that it should be of: anything else could be what is not to be kept. */
    private static @Nullable String valid(Route route, String variable, Function<String, @Nullable String> form) {
        String text = route.values().get(variable);
        try {
            return text == null ? null : form.apply(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String id(String text) {
        return ID.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : null;
    }

    private static @Nullable String later(Caller caller) {
        return caller.asyncId() == null ? null : caller.asyncId().toString();
    }

    private static @Nullable Long sequence(@Nullable String header) {
        return header != null && SEQUENCE.matcher(header).matches() ? Long.valueOf(header) : null;
    }

    @Override
    public void setRequestAttributesEnabled(boolean enabled) {
        // There are no addresses in the record, which is what these attributes are about.
    }

    @Override
    public boolean getRequestAttributesEnabled() {
        return false;
    }
}
