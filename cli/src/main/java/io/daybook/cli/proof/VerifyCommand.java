package io.daybook.cli.proof;

import io.daybook.cli.client.OnlyLedgerOption;
import io.daybook.cli.installation.Installation;
import io.daybook.cli.installation.Stores;
import io.daybook.cli.terminal.CommandFailed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code daybook verify}. Exit status 1 if something is wrong. */
@Command(
        name = "verify",
        description = {
            "Walk the hash chain of every ledger in the event store, and in Kafka, the books and the audit, and compare"
                    + " them.",
            "The chain tells whether history was edited; a checkpoint that was kept elsewhere tells as well whether its"
                    + " end was cut off everywhere, or all of it written anew."
        })
public final class VerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The installation's data folder. Default: .daybook in the project's folder.")
    private @Nullable Path data;

    @Mixin
    private OnlyLedgerOption only;

    @Option(
            names = "--against",
            paramLabel = "COPY",
            split = ",",
            description = "Compare the event store with these only: ${COMPLETION-CANDIDATES}. Default: all of them.")
    private Set<Copy> copies = EnumSet.allOf(Copy.class);

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description = "Verify what 'daybook export --format ndjson' wrote, with nothing but the file.")
    private @Nullable Path export;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "What 'daybook checkpoint' wrote: the ledgers must still be as they were then, and further.")
    private @Nullable Path checkpoint;

    @Option(names = "--public-key", paramLabel = "FILE", description = "Whose checkpoint it must be.")
    private @Nullable Path publicKey;

    @Override
    public Integer call() {
        Proof proof = prove();
        boolean isRight = proof.findings().isEmpty();
        PrintWriter out = spec.commandLine().getOut();
        proof.findings()
                .forEach(finding -> out.println("WRONG  ledger " + finding.ledger() + ": " + finding.sentence()));
        out.printf(
                Locale.ROOT,
                "%,d events of %,d ledgers verified: %s.%n",
                proof.events(),
                proof.heads().size(),
                isRight ? "nothing is wrong" : proof.findings().size() + " wrong");
        proof.behind().forEach((title, events) -> {
            if (events > 0) {
                out.printf(
                        Locale.ROOT,
                        "%,d of them were not in %s yet. If that stays so, './daybook status' tells why.%n",
                        events,
                        title);
            }
        });
        if (!isRight && export == null) {
            out.println(
                    "If the event store is right, './daybook replay' posts the books and the audit anew. If it is not,"
                            + " keep it as it is: it is evidence, and so is Kafka, which may have what it was.");
        }
        out.flush();
        return isRight ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private Proof prove() {
        if (export == null) {
            return Proof.ofEventStore(Stores.of(Installation.folder(data)), only.ledger(), copies, checkpoints());
        }
        try (EventFile file = new EventFile(export)) {
            return Proof.ofExport(file, only.ledger(), checkpoints());
        }
    }

    private Collection<Checkpoint> checkpoints() {
        if (checkpoint == null) {
            return List.of();
        }
        if (publicKey == null) {
            throw new CommandFailed(
                    "Whose checkpoint must it be? Give --public-key, the file that ends in .pub beside the key it was"
                            + " signed with.");
        }
        return CheckpointFile.read(checkpoint, publicKey).stream()
                .filter(each -> only.isFor(each.ledger()))
                .toList();
    }
}
