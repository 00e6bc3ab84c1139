package io.daybook.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a service, which can be cut and mended without stopping a service that other tests use too. */
public final class Cable implements AutoCloseable {

    private final int target;
    private final int port;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private ServerSocket plug;

    /**
     * @param target the service's port on this machine
     */
    public Cable(int target) throws IOException {
        this.target = target;
        plug = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        port = plug.getLocalPort();
        accept(plug);
    }

    /** Where the service is reached through it. */
    public int port() {
        return port;
    }

    /** All connections end, and nobody can connect. */
    public void cut() throws IOException {
        plug.close();
        for (Socket end : ends) {
            end.close();
        }
        ends.clear();
    }

    /** It can be connected to again. */
    public void mend() throws IOException {
        plug = new ServerSocket();
        plug.setReuseAddress(true);
        plug.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        accept(plug);
    }

    private void accept(ServerSocket from) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket client = from.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    ends.add(client);
                    ends.add(server);
                    pass(client, server);
                    pass(server, client);
                }
            } catch (IOException cut) {
                // Nobody else can connect.
            }
        });
    }

    private static void pass(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                in.transferTo(out);
            } catch (IOException cut) {
                // Both ends are closed.
            }
        });
    }

    @Override
    public void close() {
        try {
            cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
