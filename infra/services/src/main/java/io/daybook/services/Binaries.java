package io.daybook.services;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The executables and class paths of the services: what Maven put under the project, unpacked at first use. */
final class Binaries {

    /** The system property that names the project's root directory. */
    private static final String HOME_PROPERTY = "daybook.home";

    private final Path services;

    private Binaries(Path services) {
        this.services = services;
    }

    /**
     * @throws ServiceException if the project was not built
     */
    static Binaries ofProject() {
        Path services = projectRoot().resolve("infra/services");
        if (!Files.isDirectory(services.resolve("kafka/target/lib"))) {
            throw new ServiceException("the services' libraries are not under " + services
                    + "; build them with './mvnw package -DskipTests'");
        }
        return new Binaries(services);
    }

    static Path projectRoot() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home != null) {
            return Path.of(home);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("infra/services/pom.xml"))) {
                return folder;
            }
        }
        throw new ServiceException(
                "the project's root is not above the working directory; name it with -D" + HOME_PROPERTY + "=DIR");
    }

    /** The folder with {@code lib}. */
    Path kafka() {
        return services.resolve("kafka/target");
    }

    /** The folder with {@code lib} and {@code modules}. */
    Path elasticsearch() {
        return services.resolve("elasticsearch/target");
    }

    /** The folder with PostgreSQL's {@code bin} and {@code lib}. */
    Path postgres() {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        String archive = "postgres-" + (mac ? "darwin" : "linux") + "-" + (isArm() ? "arm_64" : "x86_64") + ".txz";
        return unpackedOnce("postgres", archive, Binaries::untar);
    }

    Path redisServer() {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        String executable = "redis-server-7.0.15-" + (mac ? "darwin" : "linux") + "-" + (isArm() ? "arm64" : "amd64");
        return unpackedOnce("redis", executable, (in, folder) -> {
                    Path file = folder.resolve("redis-server");
                    Files.copy(in, file);
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                })
                .resolve("redis-server");
    }

    private static boolean isArm() {
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return arch.contains("aarch64") || arch.contains("arm64");
    }

    @FunctionalInterface
    private interface Unpacking {
        void unpack(InputStream in, Path folder) throws IOException;
    }

    /** Unpacks beside the place and moves it there whole, so that nobody ever sees half of it. */
    private Path unpackedOnce(String name, String resource, Unpacking unpacking) {
        Path folder = services.resolve("target/binaries").resolve(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try (InputStream in = Binaries.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new ServiceException("there is no " + name + " for this platform among the libraries (" + resource
                        + " is missing); start the services with --docker instead");
            }
            Files.createDirectories(folder.getParent());
            Path unpacked = Files.createTempDirectory(folder.getParent(), name);
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            unpacking.unpack(new BufferedInputStream(in), unpacked);
            moveUnlessThere(unpacked, folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + resource + ": " + e.getMessage(), e);
        }
    }

    private static void moveUnlessThere(Path unpacked, Path folder) throws IOException {
        try {
            Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            // Another server or process was quicker.
            Trees.delete(unpacked);
        }
    }

    private static void untar(InputStream in, Path folder) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("the archive leaves its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** What file trees need that the JDK has not. */
    static final class Trees {

        private Trees() {}

        static void delete(Path root) throws IOException {
            if (!Files.exists(root)) {
                return;
            }
            try (Stream<Path> paths = Files.walk(root)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
