package io.daybook.cli.client;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which installation a command speaks to: one on this machine by its data folder, or any by its address. */
public final class ServerOptions {

    /** Until authentication exists any token is accepted; this one says where it comes from. */
    private static final String DEFAULT_TOKEN = "daybook-cli";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = CommandLine.ScopeType.INHERIT,
            description = "The installation's data folder. Default: .daybook in the project's folder.")
    private @Nullable Path data;

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = CommandLine.ScopeType.INHERIT,
            defaultValue = "${env:DAYBOOK_URL}",
            description = "Speak to the Daybook at this address instead, with the token in DAYBOOK_TOKEN."
                    + " Default: the value of DAYBOOK_URL.")
    private @Nullable URI url;

    /**
     * A client for the installation. Nothing is sent yet.
     *
     * @throws io.daybook.cli.terminal.CommandFailed if no address is given and no installation runs there
     */
    public DaybookClient connect() {
        // A data folder was given by hand, the address perhaps by the environment; the former is what was meant.
        if (url != null && data == null) {
            return new DaybookClient(checked(url), tokenOfEnvironment());
        }
        return connectTo(data);
    }

    /**
     * A client for the installation of this machine with this data folder, or the project's own for null.
     *
     * @throws io.daybook.cli.terminal.CommandFailed if no installation runs there
     */
    public static DaybookClient connectTo(@Nullable Path data) {
        RunningInstallation installation = RunningInstallation.in(data);
        return new DaybookClient(installation.base(), installation.token(DEFAULT_TOKEN));
    }

    /** What names the same installation in another command that is typed, beginning with a space; empty for the usual one. */
    public String asTyped() {
        if (data != null) {
            return " --data '" + data + "'";
        }
        return url == null || url.toString().equals(System.getenv("DAYBOOK_URL")) ? "" : " --url '" + url + "'";
    }

    private URI checked(URI url) {
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new ParameterException(
                    spec.commandLine(), "--url '" + url + "' is not an address such as http://127.0.0.1:8080");
        }
        return url;
    }

    private static String tokenOfEnvironment() {
        String token = System.getenv("DAYBOOK_TOKEN");
        return token == null || token.isBlank() ? DEFAULT_TOKEN : token.strip();
    }
}
