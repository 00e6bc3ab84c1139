package io.daybook.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The bearer token of an installation's own command line, in a file that only its owner can read. */
public final class Token {

    private static final int BYTES = 24;

    private Token() {}

    /** The token; made if there is none yet. */
    public static String of(Path folder) {
        Path file = folder.resolve("token");
        try {
            Files.createDirectories(folder);
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, HexFormat.of().formatHex(random));
            } catch (FileAlreadyExistsException made) {
                // Made before.
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the token in " + file + ": " + e.getMessage(), e);
        }
    }
}
