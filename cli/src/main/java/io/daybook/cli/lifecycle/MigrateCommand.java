package io.daybook.cli.lifecycle;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code daybook migrate}. */
@Command(
        name = "migrate",
        description = {
            "Bring the schemas of the event store and of the books to the form that this version needs.",
            "'up' does so by itself. Of stores that run elsewhere, the environment says how they are reached:"
                    + " DAYBOOK_EVENTSTORE_JDBCURL and so on."
        })
public final class MigrateCommand implements Callable<Integer> {

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws InterruptedException {
        return Application.migrate(data.folder());
    }
}
