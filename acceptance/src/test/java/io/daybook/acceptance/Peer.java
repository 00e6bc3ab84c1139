package io.daybook.acceptance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A node behind the gateway that does what a test tells it, also what no node should. */
final class Peer implements AutoCloseable {

    /**
     * What came.
     *
     * @param headers by their names in small letters
     */
    record Request(String method, String path, Map<String, String> headers, String body) {}

    /** What it does with a request: gives an answer, {@link #CUT} or {@link #SILENCE}. */
    @FunctionalInterface
    interface Behaviour extends Function<Request, String> {}

    /** It closes the connection without an answer. */
    static final String CUT = "cut";

    /** It keeps the connection and says nothing. */
    static final String SILENCE = "silence";

    private final String name;
    private final int port;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour;
    private ServerSocket server;

    Peer(String name) throws IOException {
        this.name = name;
        this.port = TestGateway.freePort();
        behaves(request -> answer(200, "", "{}"));
        start();
    }

    Peer behaves(Behaviour behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    /** An answer as it goes over the wire. */
    String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " x\r\nPeer: " + name + "\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** All that came to it, in order. */
    List<Request> requests() {
        return requests;
    }

    /** As a process that is killed: nobody can connect, and who is connected is cut off. */
    void stop() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    void start() throws IOException {
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        ServerSocket accepting = server;
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket connection = accepting.accept();
                    connections.add(connection);
                    Thread.ofVirtual().start(() -> serve(connection));
                }
            } catch (IOException stopped) {
                // Nobody else can connect.
            }
        });
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream());
                OutputStream out = connection.getOutputStream()) {
            Request request = read(in);
            while (request != null) {
                requests.add(request);
                String answer = behaviour.apply(request);
                if (answer.equals(CUT)) {
                    return;
                }
                if (!answer.equals(SILENCE)) {
                    out.write(answer.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
                request = read(in);
            }
        } catch (IOException stopped) {
            // The other end is gone, or this peer.
        } finally {
            connections.remove(connection);
        }
    }

    /** The next request, or null if there is none. */
    private static Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        String[] start = line.split(" ");
        Map<String, String> headers = new TreeMap<>();
        for (line = line(in); !line.isEmpty(); line = line(in)) {
            String[] header = line.split(": ?", 2);
            headers.put(header[0].toLowerCase(java.util.Locale.ROOT), header[1]);
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Request(start[0], start[1], headers, new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
