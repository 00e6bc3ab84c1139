package io.daybook.cli.proof;

import io.daybook.cli.client.OnlyLedgerOption;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Installation;
import io.daybook.installation.Stores;
import java.io.PrintWriter;
import java.nio.file.Path;
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
                    + " end was cut off everywhere, or all of it written anew. What came after the checkpoint is not signed.",
            "Exit status: 0 if nothing is wrong, else 1."
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
            description = {
                "Verify what 'daybook export --format ndjson' wrote, with nothing but the file.",
                "With a checkpoint, it must have all ledgers of that, and no others; or the one that --ledger names."
            })
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
        List<Checkpoint> checkpoints = checkpoints();
        Proof proof = prove(checkpoints);
        boolean isRight = proof.findings().isEmpty();
        PrintWriter out = spec.commandLine().getOut();
        proof.findings()
                .forEach(finding -> out.println("WRONG  "
                        + (finding.ledger() == null ? "" : "ledger " + finding.ledger() + ": ") + finding.sentence()));
        Signed signed = new Signed(checkpoints == null ? List.of() : checkpoints);
        if (export != null) {
            signed.tellEach(proof, out);
        }
        out.printf(
                Locale.ROOT,
                "%,d events of %,d ledgers verified: %s.%n",
                proof.events(),
                proof.heads().size(),
                isRight ? verdict(checkpoints) : proof.findings().size() + " wrong");
        if (proof.remembered() > 0) {
            out.printf(
                    Locale.ROOT, "%,d commands that changed nothing are remembered beside them.%n", proof.remembered());
        }
        if (isRight && checkpoints != null) {
            signed.tellAll(proof, out);
        }
        proof.behind().forEach((title, events) -> {
            if (events > 0) {
                out.printf(
                        Locale.ROOT,
                        "%,d of them were not in %s yet. If that stays so, './daybook status' tells why.%n",
                        events,
                        title);
            }
        });
        if (!isRight) {
            out.println(remedy());
        }
        out.flush();
        return isRight ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** A file that nobody has signed may be made up as a whole. */
    private String verdict(@Nullable List<Checkpoint> checkpoints) {
        return export != null && checkpoints == null
                ? "the chains are unbroken, but without --checkpoint nothing tells who made them"
                : "nothing is wrong";
    }

    private String remedy() {
        return export == null
                ? "If the event store is right, './daybook replay' posts the books and the audit anew, and"
                        + " './daybook republish' fills Kafka again. If it is not, keep it as it is: it is evidence, and"
                        + " so is Kafka, which may have what it was."
                : "If the export is to be of one ledger only, name it with --ledger: without it, all ledgers of the"
                        + " checkpoint must be there, and all that are there must be in the checkpoint.";
    }

    private Proof prove(@Nullable List<Checkpoint> checkpoints) {
        if (export == null) {
            return Proof.ofEventStore(
                    Stores.of(Installation.folder(data)),
                    only.ledger(),
                    copies,
                    checkpoints == null ? List.of() : checkpoints);
        }
        try (EventFile file = new EventFile(export)) {
            return Proof.ofExport(file, only.ledger(), checkpoints);
        }
    }

    /** Null if none were given. */
    private @Nullable List<Checkpoint> checkpoints() {
        if (checkpoint == null) {
            return null;
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
