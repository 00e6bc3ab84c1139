package io.daybook.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Redis server that flushes each write to its append-only file before it answers: the projection that feeds it moves its
 * place in Kafka on, and must not find afterwards that Redis has forgotten.
 */
public final class RedisServer extends ProcessService {

    static final String NAME = "redis";

    /** How many numbered databases there are. */
    static final int DATABASES = 256;

    static final List<String> SETTINGS = List.of(
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--save",
            "",
            "--databases",
            Integer.toString(DATABASES),
            "--daemonize",
            "no");

    private RedisServer(int port, Running running) {
        super(NAME, port, running);
    }

    static RedisServer start(DataDirectory data, Binaries binaries) {
        int port = data.port(NAME);
        try {
            Files.createDirectories(data.of(NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(List.of(
                binaries.redisServer().toString(),
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--dir",
                data.of(NAME).toString()));
        command.addAll(SETTINGS);
        ChildProcess process = ChildProcess.start(NAME, data, "TERM", command, Map.of());
        return whenReady(port, process);
    }

    /** The server, as soon as it answers on this port; if it does not, it is stopped. */
    static RedisServer whenReady(int port, Running running) {
        try {
            Await.ready(NAME, running, () -> ping(port));
            return new RedisServer(port, running);
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
    }

    private static void ping(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes("+PONG".length());
            if (!new String(answer, StandardCharsets.US_ASCII).equals("+PONG")) {
                throw new IOException("still loading");
            }
        }
    }

    /**
     * @param database one of Redis's numbered databases, from 0
     */
    public String uri(int database) {
        return "redis://127.0.0.1:" + port() + "/" + database;
    }
}
