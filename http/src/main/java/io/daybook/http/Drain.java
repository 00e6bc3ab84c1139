package io.daybook.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The beginning of the end of a process behind a gateway: new connections are refused, so that the gateway asks another node;
 * what comes on those that it keeps is answered, and the answer says that they end. A server that stops at once would close some
 * of them while a request is on its way, and nobody may send a command twice that was sent once.
 */
final class Drain extends OncePerRequestFilter implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Duration longest;
    private volatile @Nullable Connector connector;
    private volatile boolean running;
    private volatile boolean ending;

    /**
     * @param longest how long connections that are kept are waited for; zero to leave all to the server
     */
    Drain(Duration longest) {
        this.longest = longest;
    }

    void of(Connector connector) {
        this.connector = connector;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (ending) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        chain.doFilter(request, response);
    }

    /** Before anything else stops. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        Connector taking = connector;
        if (!longest.isZero() && taking != null) {
            ending = true;
            taking.getProtocolHandler().closeServerSocketGraceful();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Beside what else stops first; the server itself stops after it. */
    @Override
    public void stop(Runnable whenDone) {
        Thread.ofVirtual().name("drain").start(() -> {
            stop();
            whenDone.run();
        });
    }

    @Override
    public void stop() {
        running = false;
        if (ending && connector != null && connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
            long deadline = System.nanoTime() + longest.toNanos();
            try {
                while (protocol.getConnectionCount() > 0 && System.nanoTime() < deadline) {
                    Thread.sleep(LOOK_AGAIN);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            LOG.info("{} connections are left at the end", protocol.getConnectionCount());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
