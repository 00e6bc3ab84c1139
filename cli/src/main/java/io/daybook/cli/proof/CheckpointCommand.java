package io.daybook.cli.proof;

import io.daybook.cli.client.OnlyLedgerOption;
import io.daybook.cli.terminal.CommandFailed;
import io.daybook.installation.Installation;
import io.daybook.installation.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code daybook checkpoint}. */
@Command(
        name = "checkpoint",
        description = {
            "Verify the event store, and write how far each ledger has come, with the hash of its last event, signed with Ed25519.",
            "Keep it where those who could edit the event store cannot; 'daybook verify --checkpoint' compares with it."
        })
public final class CheckpointCommand implements Runnable {

    private static final String KEY = "checkpoint.key";

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
            names = "--key",
            paramLabel = "FILE",
            description = {
                "The private key, a PEM file; it is made if it is not there, with the public one beside it, which ends in"
                        + " .pub.",
                "Default: " + KEY + " in the data folder."
            })
    private @Nullable Path key;

    @Option(
            names = {"-o", "--output", "--out"},
            paramLabel = "FILE",
            description = "Where to. Default: standard output.")
    private @Nullable Path out;

    @Override
    public void run() {
        Path folder = Installation.folder(data);
        Proof proof = Proof.ofEventStore(Stores.of(folder), only.ledger(), EnumSet.noneOf(Copy.class), List.of());
        if (!proof.findings().isEmpty()) {
            throw new CommandFailed("Something is wrong, so there is nothing to sign: './daybook verify' tells what.");
        }
        if (proof.heads().isEmpty()) {
            throw new CommandFailed("There are no events yet, so there is nothing to sign.");
        }
        Path signing = key == null ? folder.resolve(KEY) : key;
        if (!Files.exists(signing)) {
            CheckpointFile.makeKeys(signing);
            spec.commandLine()
                    .getErr()
                    .println("Made the key " + signing + ", and " + CheckpointFile.publicKeyOf(signing)
                            + " to verify with.");
            spec.commandLine().getErr().flush();
        }
        String signed = CheckpointFile.sign(proof.heads(), Instant.now().truncatedTo(ChronoUnit.SECONDS), signing);
        if (out == null) {
            spec.commandLine().getOut().print(signed);
            spec.commandLine().getOut().flush();
            return;
        }
        try {
            Files.writeString(out, signed);
        } catch (IOException e) {
            throw new CommandFailed("The checkpoint cannot be written to " + out + ": " + e + ".", e);
        }
    }
}
