package io.daybook.query.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Somebody who listens to a ledger: what is still to be sent to one connection. Whoever does not take it in time is closed,
 * so that nobody ever waits for a listener.
 */
final class Listener {

    /** The most messages that wait for a connection. */
    static final int MAX_MESSAGES = 10_000;

    /** The most bytes that wait for a connection. Listeners of a ledger share them, so they are in memory once. */
    static final long MAX_BYTES = 8 * 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<StreamMessage> waiting = new ArrayDeque<>();
    private long bytes;
    private long last;
    private boolean open = true;

    /** Messages up to a sequence are not for it: it has them. */
    void skipTo(long sequence) {
        lock.lock();
        try {
            last = sequence;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds messages to what is to be sent. If they are too many, the listener is closed; one that had
     * taken everything before is never given too much.
     *
     * @return whether the listener is still open
     */
    boolean offer(List<StreamMessage> messages) {
        lock.lock();
        try {
            for (StreamMessage message : messages) {
                if (message.sequence() <= last) {
                    continue;
                }
                last = message.sequence();
                bytes += message.bytes().length;
                waiting.add(message);
            }
            if (waiting.size() > MAX_MESSAGES || bytes > MAX_BYTES && waiting.size() > messages.size()) {
                end();
            }
            changed.signal();
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** All that waits; if there is nothing, waits for it. Empty when the time is over, and when the listener is closed. */
    List<StreamMessage> take(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (open && waiting.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<StreamMessage> taken = List.copyOf(waiting);
            waiting.clear();
            bytes = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it; what still waits is not sent, as the client will ask for it when it resumes. */
    void close() {
        lock.lock();
        try {
            end();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        open = false;
        waiting.clear();
        bytes = 0;
    }
}
