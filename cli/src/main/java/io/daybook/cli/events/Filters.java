package io.daybook.cli.events;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What narrows the events that are listed. */
final class Filters {

    /** What there is to list. */
    enum Kind {
        event,
        request,
        all
    }

    private static final String OURS = "daybook.";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--ledger", paramLabel = "LEDGER", description = "Of this ledger only.")
    private @Nullable String ledger;

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "That this account takes part in.")
    private @Nullable String account;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Of this type, such as transaction-posted; of requests 'command' or 'query'.")
    private @Nullable String type;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "${COMPLETION-CANDIDATES}. Default: event; with --status or --code request, with --request all.")
    private @Nullable Kind kind;

    @Option(names = "--status", paramLabel = "STATUS", description = "Requests that were answered so, such as 422.")
    private @Nullable Integer status;

    @Option(
            names = "--code",
            paramLabel = "CODE",
            description = "Requests that were refused with this code, such as insufficient-funds.")
    private @Nullable String code;

    @Option(names = "--actor", paramLabel = "ACTOR", description = "By this caller, as 'show' names it.")
    private @Nullable String actor;

    @Option(
            names = "--request",
            paramLabel = "ID",
            description = "The request with this X-Request-Id, and what came of it.")
    private @Nullable String request;

    /**
     * As parameters of the search. They may find more than is asked for: {@link #matches} tells.
     *
     * @param text what is searched for besides, in the language of {@code q}
     */
    Map<String, String> asParameters(@Nullable String text) {
        Kind kind = kind();
        Map<String, String> parameters = new LinkedHashMap<>();
        if (kind != Kind.all) {
            parameters.put("kind", kind.name());
        }
        if (ledger != null) {
            parameters.put("ledger", checked("--ledger", ledger, LedgerId::new));
        }
        if (account != null) {
            parameters.put("account", checked("--account", account, AccountAddress::new));
        }
        if (type != null) {
            boolean isWhole = type.startsWith(OURS) || kind == Kind.request;
            parameters.put("type", isWhole ? type : OURS + type);
        }
        String words = words(text);
        if (!words.isEmpty()) {
            parameters.put("q", words);
        }
        return parameters;
    }

    private Kind kind() {
        boolean isOfRequests = status != null || code != null;
        if (isOfRequests && kind == Kind.event) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Only requests have a status and a code: leave '--kind event' out, or --status and --code.");
        }
        if (kind != null) {
            return kind;
        }
        return isOfRequests ? Kind.request : request != null ? Kind.all : Kind.event;
    }

    /** The text comes last and in brackets, so that nothing in it changes what the rest means. */
    private String words(@Nullable String text) {
        String phrases = Stream.of(status, code, actor, request)
                .filter(Objects::nonNull)
                .map(value -> Audit.phrase(value.toString()))
                .collect(Collectors.joining(" "));
        if (text == null || text.isBlank()) {
            return phrases;
        }
        return phrases.isEmpty() ? text : phrases + " (" + text + ")";
    }

    /** Whether a row is one of those: the search finds its words anywhere. */
    boolean matches(JsonNode row) {
        return (status == null || row.at("/data/status").asInt(0) == status)
                && isOrAny(code, row.at("/data/problem"))
                && isOrAny(actor, row.path("actor"))
                && isOrAny(request, row.path("requestId"));
    }

    private static boolean isOrAny(@Nullable String wanted, JsonNode value) {
        return wanted == null || wanted.equals(value.asString(""));
    }

    private String checked(String option, String value, Function<String, ?> form) {
        try {
            form.apply(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + " '" + value + "': " + e.getMessage(), e);
        }
    }
}
