package io.daybook.cli.lifecycle;

import io.daybook.installation.Installation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation of this machine a command is about. */
final class DataOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The installation's data folder. Default: .daybook in the project's folder.")
    private @Nullable Path data;

    Path folder() {
        return Installation.folder(data);
    }
}
