package io.daybook.cli.proof;

import io.daybook.cli.terminal.CommandFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Checkpoints of all ledgers, signed with Ed25519 (RFC 8032): a first line with the time, a line for each ledger, and a last
 * one with the signature of all bytes before it, in Base64. Keys are PEM files as OpenSSL has them.
 */
final class CheckpointFile {

    private static final String ALGORITHM = "Ed25519";
    private static final String FIRST = "daybook checkpoint ";
    private static final String LAST = "signature ";

    private CheckpointFile() {}

    /** Makes a pair of keys: the private one is its owner's alone, the public one is beside it and ends in {@code .pub}. */
    static void makeKeys(Path privateKey) {
        try {
            KeyPair keys = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            Files.createFile(
                    privateKey, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(privateKey, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
            Files.writeString(
                    publicKeyOf(privateKey), pem("PUBLIC KEY", keys.getPublic().getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new CommandFailed("A key cannot be made at " + privateKey + ": " + e + ".", e);
        }
    }

    static Path publicKeyOf(Path privateKey) {
        return privateKey.resolveSibling(privateKey.getFileName() + ".pub");
    }

    private static String pem(String title, byte[] key) {
        return "-----BEGIN " + title + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key) + "\n-----END " + title + "-----\n";
    }

    private static byte[] unpem(Path file) {
        try {
            String text = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
            return Base64.getMimeDecoder().decode(text);
        } catch (NoSuchFileException e) {
            throw new CommandFailed("There is no key " + file + ".", e);
        } catch (IOException e) {
            throw new CommandFailed("The key " + file + " cannot be read: " + e + ".", e);
        }
    }

    static String sign(List<Checkpoint> checkpoints, Instant now, Path privateKey) {
        String text = checkpoints.stream()
                .sorted(Comparator.comparing(checkpoint -> checkpoint.ledger().value()))
                .map(Checkpoint::line)
                .collect(Collectors.joining("\n", FIRST + now + "\n", "\n"));
        try {
            PrivateKey key =
                    KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(unpem(privateKey)));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return text + LAST + Base64.getEncoder().encodeToString(signature.sign()) + "\n";
        } catch (GeneralSecurityException e) {
            throw new CommandFailed("The checkpoint cannot be signed with " + privateKey + ": " + e + ".", e);
        }
    }

    /**
     * Reads checkpoints.
     *
     * @throws CommandFailed if the signature is not that of the key's owner over this text
     */
    static List<Checkpoint> read(Path file, Path publicKey) {
        try {
            String text = Files.readString(file);
            int signatureAt = text.lastIndexOf(LAST);
            if (!text.startsWith(FIRST) || signatureAt < 0) {
                throw new CommandFailed(file + " is not a checkpoint of Daybook.");
            }
            String signed = text.substring(0, signatureAt);
            PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(unpem(publicKey)));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            if (!signature.verify(Base64.getDecoder()
                    .decode(text.substring(signatureAt + LAST.length()).strip()))) {
                throw new CommandFailed(file + " was changed since it was signed, or was signed with another key than "
                        + publicKey + ".");
            }
            return signed.lines().skip(1).map(Checkpoint::ofLine).toList();
        } catch (IOException e) {
            throw new CommandFailed("The checkpoint " + file + " cannot be read: " + e + ".", e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CommandFailed(
                    "The signature of " + file + " cannot be checked with " + publicKey + ": " + e + ".", e);
        }
    }
}
