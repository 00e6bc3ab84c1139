package io.daybook.cli;

import io.daybook.cli.demo.DemoCommand;
import io.daybook.cli.events.EventsCommand;
import io.daybook.cli.export.ExportCommand;
import io.daybook.cli.importing.ImportCommand;
import io.daybook.cli.lifecycle.DownCommand;
import io.daybook.cli.lifecycle.MigrateCommand;
import io.daybook.cli.lifecycle.StatusCommand;
import io.daybook.cli.lifecycle.TokenCommand;
import io.daybook.cli.lifecycle.UpCommand;
import io.daybook.cli.projections.ProjectionsCommand;
import io.daybook.cli.proof.CheckpointCommand;
import io.daybook.cli.proof.VerifyCommand;
import io.daybook.cli.replay.ReplayCommand;
import io.daybook.cli.replay.RepublishCommand;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.InstallationException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code daybook} command. Exit status: 0 on success, 1 if a command failed, 2 if it was called wrongly. */
@Command(
        name = "daybook",
        description = "An event-sourced double-entry ledger.",
        synopsisSubcommandLabel = "COMMAND",
        scope = CommandLine.ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Daybook.Version.class,
        sortOptions = false,
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            MigrateCommand.class,
            TokenCommand.class,
            DemoCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            EventsCommand.class,
            ProjectionsCommand.class,
            ReplayCommand.class,
            RepublishCommand.class,
            VerifyCommand.class,
            CheckpointCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Daybook implements Runnable {

    private static final int HELP_WIDTH_COLUMNS = 100;

    @Spec
    private CommandSpec spec;

    private Daybook() {}

    public static void main(String[] arguments) {
        configureLogging();
        System.exit(commandLine().execute(arguments));
    }

    /** Before any library logs: Logback's own default is to tell everything on standard output. */
    static void configureLogging() {
        System.setProperty("logback.configurationFile", "io/daybook/cli/logging.xml");
    }

    /** The command with all its subcommands, as {@link #main} runs it. */
    public static CommandLine commandLine() {
        return new CommandLine(new Daybook())
                .setExecutionExceptionHandler(Daybook::explain)
                .setParameterExceptionHandler(Daybook::explainCall)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(HELP_WIDTH_COLUMNS);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? 'daybook --help' lists them.");
    }

    /** What a person can mend is told in one message; what only a programmer can mend comes with its stack trace. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof CommandFailed || failure instanceof InstallationException) {
            err.println(command.getColorScheme().errorText(failure.getMessage()));
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The whole help would drive what is wrong off a small screen; only who names no command is helped by the list of them. */
    private static int explainCall(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText(wrong.getMessage()));
        UnmatchedArgumentException.printSuggestions(wrong, err);
        if (command.getParent() == null) {
            command.usage(err);
        } else {
            err.println("'./" + command.getCommandSpec().qualifiedName() + " --help' tells how it is called.");
        }
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Daybook.class.getPackage().getImplementationVersion();
            return new String[] {"daybook " + (version == null ? "(development)" : version)};
        }
    }
}
