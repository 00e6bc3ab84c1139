package io.daybook.command.store;

import io.daybook.events.StoredEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What this process has committed to the journal last. Who follows the journal closely takes it from here, instead of having
 * the store read what it was just given; and waits here for more.
 */
final class JournalTail {

    /** How much is kept: some seconds of the highest rates. What is older is read from the store. */
    private static final int MAX_EVENTS = 32_768;

    /** Of their data: an event may have 1,000 postings. */
    private static final long MAX_BYTES = 32L * 1024 * 1024;

    /** What was committed together, and where the journal ended before. */
    private record Commit(long before, List<StoredEvent> events, long bytes) {}

    /** They follow each other without gaps. */
    private final Deque<Commit> last = new ArrayDeque<>();

    private long count;
    private final int maxEvents;
    private int events;
    private long bytes;

    JournalTail() {
        this(MAX_EVENTS);
    }

    /**
     * @param maxEvents how many are kept, but for those that were committed together
     */
    JournalTail(int maxEvents) {
        this.maxEvents = maxEvents;
    }

    /**
     * Adds what was just committed.
     *
     * @param before the position of the last event before these
     */
    synchronized void committed(long before, List<StoredEvent> added) {
        Commit newest = last.peekLast();
        if (newest != null && newest.before() + newest.events().size() != before) {
            // Another process has written between, or nobody knows whether an earlier commit was one.
            last.clear();
            events = 0;
            bytes = 0;
        }
        Commit commit = new Commit(
                before,
                added,
                added.stream().mapToLong(event -> event.data().length).sum());
        last.add(commit);
        events += added.size();
        bytes += commit.bytes();
        while (last.size() > 1 && (events > maxEvents || bytes > MAX_BYTES)) {
            Commit oldest = last.remove();
            events -= oldest.events().size();
            bytes -= oldest.bytes();
        }
        count++;
        notifyAll();
    }

    /**
     * The events that follow a position; none if there are none yet, or the first of them is not here any more.
     *
     * @param limit how many are wanted at most
     */
    synchronized List<StoredEvent> after(long position, int limit) {
        if (last.isEmpty() || position < last.element().before()) {
            return List.of();
        }
        // From the newest back: who follows closely has read nearly all of them.
        Deque<Commit> unread = new ArrayDeque<>();
        for (Iterator<Commit> newestFirst = last.descendingIterator(); newestFirst.hasNext(); ) {
            Commit commit = newestFirst.next();
            if (commit.before() + commit.events().size() <= position) {
                break;
            }
            unread.push(commit);
        }
        List<StoredEvent> following = new ArrayList<>();
        for (Commit commit : unread) {
            int from = Math.toIntExact(Math.max(0, position - commit.before()));
            int to = Math.min(commit.events().size(), from + limit - following.size());
            following.addAll(commit.events().subList(from, to));
            if (following.size() == limit) {
                break;
            }
        }
        return following;
    }

    /** How many commits there were. */
    synchronized long count() {
        return count;
    }

    /** Waits until there were more than {@code known}, but no longer than the time given. */
    synchronized void await(long known, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; count == known && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }
}
