package io.daybook.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL server of its own, durable as in production: it flushes every commit. */
public final class PostgresServer extends ProcessService {

    /** The owner of all databases. */
    public static final String USERNAME = "daybook";

    static final String SLOT = "daybook_replica";

    private static final String MAKE_SLOT = """
            select pg_create_physical_replication_slot('%1$s', true)
            where not exists (select 1 from pg_replication_slots where slot_name = '%1$s')
            """.formatted(SLOT);

    /** What a base backup leaves out, as pg_basebackup does (PostgreSQL 18, "Making a Base Backup Using the Low Level API"). */
    private static final Set<String> NOT_COPIED = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "pg_wal",
            "pg_replslot",
            "pg_stat_tmp",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_subtrans",
            "pgsql_tmp");

    private final String password;

    private PostgresServer(String name, int port, String password, Running running) {
        super(name, port, running);
        this.password = password;
    }

    static PostgresServer start(String name, DataDirectory data, Binaries binaries) {
        Path cluster = data.of(name);
        if (!Files.exists(cluster.resolve("PG_VERSION"))) {
            initialise(name, cluster, data, binaries);
        }
        return startCluster(name, cluster, data, binaries);
    }

    /** Starts a hot standby of {@code primary}; the first time it is made from a base backup. */
    static PostgresServer startReplica(String name, PostgresServer primary, DataDirectory data, Binaries binaries) {
        Path cluster = data.of(name);
        if (!Files.exists(cluster.resolve("PG_VERSION"))) {
            primary.copyTo(cluster, data);
        }
        primary.nameItselfTo(cluster);
        return startCluster(name, cluster, data, binaries);
    }

    private static PostgresServer startCluster(String name, Path cluster, DataDirectory data, Binaries binaries) {
        int port = data.port(name);
        List<String> command = new ArrayList<>(asOrdinaryUser());
        command.addAll(List.of(
                binaries.postgres().resolve("bin/postgres").toString(), "-D", cluster.toString(), "-p", "" + port));
        settings().forEach((setting, value) -> command.addAll(List.of("-c", setting + "=" + value)));
        ChildProcess process = ChildProcess.start(name, data, "INT", command, Map.of());
        return whenReady(name, port, data.password(), process);
    }

    /** The server, as soon as it answers on this port; if it does not, it is stopped. */
    static PostgresServer whenReady(String name, int port, String password, Running running) {
        PostgresServer server = new PostgresServer(name, port, password, running);
        try {
            Await.ready(name, running, () -> server.connect("postgres").close());
            return server;
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
    }

    static Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("listen_addresses", "127.0.0.1"),
                Map.entry("unix_socket_directories", ""),
                Map.entry("max_connections", "100"),
                Map.entry("shared_buffers", "256MB"),
                Map.entry("effective_cache_size", "2GB"),
                Map.entry("fsync", "on"),
                Map.entry("synchronous_commit", "on"),
                Map.entry("wal_level", "logical"),
                Map.entry("max_wal_size", "2GB"),
                Map.entry("wal_compression", "pglz"),
                Map.entry("checkpoint_timeout", "15min"),
                Map.entry("hot_standby", "on"),
                Map.entry("hot_standby_feedback", "on"),
                Map.entry("max_slot_wal_keep_size", "4GB"),
                Map.entry("random_page_cost", "1.1"),
                Map.entry("jit", "off"),
                Map.entry("timezone", "UTC"));
    }

    private static void initialise(String name, Path cluster, DataDirectory data, Binaries binaries) {
        List<String> command = new ArrayList<>(asOrdinaryUser());
        command.addAll(List.of(
                binaries.postgres().resolve("bin/initdb").toString(),
                "-D",
                cluster.toString(),
                "-U",
                USERNAME,
                "--pwfile=" + data.passwordFile(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums",
                "--no-instructions"));
        try {
            Process initdb = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(data.log(name).toFile())
                    .start();
            if (!initdb.waitFor(60, TimeUnit.SECONDS) || initdb.exitValue() != 0) {
                Binaries.Trees.delete(cluster);
                throw new ServiceException("the database cluster of " + name + " cannot be made; see " + data.log(name)
                        + ":\n" + Files.readString(data.log(name)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException("interrupted while making the database cluster of " + name, e);
        }
    }

    /** PostgreSQL refuses to run as root. In a user namespace of its own, without privileges, root is nobody. */
    private static List<String> asOrdinaryUser() {
        return "root".equals(System.getProperty("user.name")) ? List.of("unshare", "-U") : List.of();
    }

    /** Copies this server's files while it runs: the low-level base backup. */
    private void copyTo(Path standby, DataDirectory data) {
        Path unfinished = standby.resolveSibling(standby.getFileName() + ".unfinished");
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            Binaries.Trees.delete(unfinished);
            statement.execute(MAKE_SLOT);
            statement.execute("select pg_backup_start('replica', true)");
            copyTree(data.of(name()), unfinished);
            try (ResultSet stop = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                stop.next();
                Files.writeString(unfinished.resolve("backup_label"), stop.getString(1));
            }
            Files.createFile(unfinished.resolve("standby.signal"));
            Files.move(unfinished, standby);
        } catch (SQLException e) {
            throw new ServiceException("no base backup of " + name() + " can be made: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("no base backup of " + name() + " can be made: " + e.getMessage(), e);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectory(
                        to.resolve(from.relativize(folder)),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                return NOT_COPIED.contains(folder.getFileName().toString())
                        ? skipContents(folder)
                        : FileVisitResult.CONTINUE;
            }

            private FileVisitResult skipContents(Path folder) throws IOException {
                if (folder.getFileName().toString().equals("pg_wal")) {
                    for (String part : List.of("archive_status", "summaries")) {
                        Files.createDirectory(
                                to.resolve(from.relativize(folder)).resolve(part));
                    }
                }
                return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!NOT_COPIED.contains(file.getFileName().toString())) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                // A running server drops files; what they held is in the log that the standby replays.
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    /** The primary's port can change between two starts, so it is written anew each time. */
    private void nameItselfTo(Path standby) {
        try {
            Files.writeString(
                    standby.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s application_name=replica'\n"
                                    .formatted(port(), USERNAME, password)
                            + "primary_slot_name = '" + SLOT + "'\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the slot in which the log is kept until the standby has it, if there is none. */
    void makeReplicationSlot() {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(MAKE_SLOT);
        } catch (SQLException e) {
            throw new ServiceException("no standby can follow " + name() + ": " + e.getMessage(), e);
        }
    }

    /** Makes a database if there is none of this name. */
    public void createDatabase(String database) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet known = connection
                        .createStatement()
                        .executeQuery("select 1 from pg_database where datname = '" + database + "'")) {
            if (!known.next()) {
                statement.execute("create database \"" + database + "\"");
            }
        } catch (SQLException e) {
            throw new ServiceException(
                    "database " + database + " cannot be made in " + name() + ": " + e.getMessage(), e);
        }
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), USERNAME, password);
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    public String password() {
        return password;
    }
}
