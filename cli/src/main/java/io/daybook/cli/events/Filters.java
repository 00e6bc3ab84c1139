package io.daybook.cli.events;

import io.daybook.events.AccountAddress;
import io.daybook.events.LedgerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
            defaultValue = "event",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Kind kind = Kind.event;

    /** As parameters of the search. */
    Map<String, String> asParameters() {
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
        return parameters;
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
