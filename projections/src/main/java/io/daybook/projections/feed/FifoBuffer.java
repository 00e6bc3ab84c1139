package io.daybook.projections.feed;

import java.util.Collection;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.axonframework.extensions.kafka.eventhandling.consumer.streamable.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Gives events on in the order in which they were fetched. The buffer that the Kafka extension takes by default sorts them
 * by time, while their tokens advance as they are fetched: with several partitions, the processor then drops every event
 * that a token which overtook it claims to cover.
 */
final class FifoBuffer<E> implements Buffer<E> {

    /** When nobody has taken anything for so long, the stream was given up, and its consumer must not wait forever. */
    private static final long ABANDONED_AFTER_SECONDS = 120;

    private final LinkedBlockingQueue<E> queue;
    private volatile @Nullable RuntimeException failure;
    private volatile Runnable whenAvailable = () -> {};

    /**
     * @param capacity how many events wait for whoever reads
     */
    FifoBuffer(int capacity) {
        queue = new LinkedBlockingQueue<>(capacity);
    }

    /**
     * @param callback called, on the fetching thread, when there is something to read
     */
    void onAvailable(Runnable callback) {
        whenAvailable = callback;
    }

    @Override
    public void put(E event) throws InterruptedException {
        add(event);
        whenAvailable.run();
    }

    @Override
    public void putAll(Collection<E> events) throws InterruptedException {
        for (E event : events) {
            add(event);
        }
        whenAvailable.run();
    }

    private void add(E event) throws InterruptedException {
        if (queue.offer(event)) {
            return;
        }
        // Full: whoever reads must know before this waits for room.
        whenAvailable.run();
        if (!queue.offer(event, ABANDONED_AFTER_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody has read this stream for " + ABANDONED_AFTER_SECONDS + " s");
        }
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        E event = queue.poll();
        if (event != null) {
            return event;
        }
        throwIfFailed();
        event = queue.poll(timeout, unit);
        if (event == null) {
            throwIfFailed();
        }
        return event;
    }

    @Override
    public E take() throws InterruptedException {
        while (true) {
            E event = poll(1, TimeUnit.SECONDS);
            if (event != null) {
                return event;
            }
        }
    }

    /** What was fetched before the failure is still given; it can be applied. */
    private void throwIfFailed() {
        RuntimeException thrown = failure;
        if (thrown != null && queue.isEmpty()) {
            failure = null;
            throw thrown;
        }
    }

    @Override
    public @Nullable E peek() {
        return queue.peek();
    }

    @Override
    public int size() {
        return queue.size();
    }

    @Override
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    @Override
    public int remainingCapacity() {
        return queue.remainingCapacity();
    }

    @Override
    public void clear() {
        queue.clear();
    }

    @Override
    public void setException(RuntimeException exception) {
        failure = exception;
        whenAvailable.run();
    }
}
