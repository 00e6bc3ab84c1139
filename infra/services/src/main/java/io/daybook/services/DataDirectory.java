package io.daybook.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an installation keeps everything: the services' data and logs, the ports they were given, and their password. It
 * is locked while its services run; the lock vanishes with the process that holds it, however that ends.
 */
final class DataDirectory implements AutoCloseable {

    private static final int PASSWORD_BYTES = 24;
    private static final int ID_BITS = 48;

    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Properties ports = new Properties();

    /** What has had its port since the directory was opened. */
    private final Set<String> given = new HashSet<>();

    private DataDirectory(Path path, FileChannel lockFile, FileLock lock) throws IOException {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
        if (Files.exists(portsFile())) {
            try (var in = Files.newBufferedReader(portsFile())) {
                ports.load(in);
            }
        }
    }

    /**
     * Opens the directory, and makes it if need be.
     *
     * @throws ServiceException if another process has it open
     */
    static DataDirectory open(Path path) {
        try {
            Path absolute = path.toAbsolutePath().normalize();
            Files.createDirectories(absolute.resolve("logs"));
            Files.createDirectories(absolute.resolve("run"));
            FileChannel lockFile =
                    FileChannel.open(absolute.resolve("run/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(lockFile);
            if (lock == null) {
                lockFile.close();
                throw new ServiceException("another process uses " + absolute + "; stop it with './daybook down --data "
                        + absolute + "', or choose another directory");
            }
            return new DataDirectory(absolute, lockFile, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + path + " as data directory: " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** The folder of a service's data. */
    Path of(String service) {
        return path.resolve(service);
    }

    Path log(String service) {
        return path.resolve("logs").resolve(service + ".log");
    }

    Path pidFile(String service) {
        return path.resolve("run").resolve(service + ".pid");
    }

    /**
     * The port that a service had before if it is free, else a free one, which it will have from now on. One that has had
     * its port since the directory was opened has the same, free or not: others know it by that.
     */
    synchronized int port(String service) {
        String remembered = ports.getProperty(service);
        if (remembered != null && !given.add(service)) {
            return Integer.parseInt(remembered);
        }
        given.add(service);
        int port = remembered != null && isFree(Integer.parseInt(remembered))
                ? Integer.parseInt(remembered)
                : anyFreePort();
        ports.setProperty(service, Integer.toString(port));
        try (var out = Files.newBufferedWriter(portsFile())) {
            ports.store(out, "The ports of the services on 127.0.0.1; chosen again if taken");
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private int anyFreePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                String port = Integer.toString(socket.getLocalPort());
                if (!ports.containsValue(port)) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("no free port on 127.0.0.1", e);
            }
        }
    }

    /** The file with the password of the databases, which only its owner can read. */
    synchronized Path passwordFile() {
        Path file = path.resolve("password");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[PASSWORD_BYTES];
                new SecureRandom().nextBytes(random);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, HexFormat.of().formatHex(random));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String password() {
        try {
            return Files.readString(passwordFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A name for what belongs to this directory and is kept elsewhere; a directory made anew has another. */
    synchronized String id() {
        Path file = path.resolve("id");
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, "daybook-" + new BigInteger(ID_BITS, new SecureRandom()).toString(36));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the data of the services are. They do not move from one to the other. */
    enum Home {
        /** In this directory, used by child processes. */
        PROCESSES("start without --docker"),
        /** In volumes of the Docker engine, used by containers. */
        CONTAINERS("start with --docker");

        private final String howToReach;

        Home(String howToReach) {
            this.howToReach = howToReach;
        }
    }

    /**
     * Data that were written in one way cannot be seen in the other, and an empty ledger in their place looks like a loss.
     *
     * @throws ServiceException if the services of this directory have written data elsewhere than in {@code home}
     */
    void requireNoDataElsewhere(Home home) {
        try {
            if (!Files.exists(homeFile())) {
                return;
            }
            Home known = Home.valueOf(Files.readString(homeFile()).strip());
            if (known != home) {
                throw new ServiceException("the data of " + path + " are those of "
                        + known.name().toLowerCase(Locale.ROOT) + ", which "
                        + home.name().toLowerCase(Locale.ROOT)
                        + " cannot use; " + known.howToReach + ", or choose another directory with --data");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remember(Home home) {
        try {
            Files.writeString(homeFile(), home.name() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path homeFile() {
        return path.resolve("data-of");
    }

    private Path portsFile() {
        return path.resolve("ports.properties");
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
