package io.daybook.query.audit;

import java.util.List;

/** What somebody searches for, as {@link SearchText} reads it. */
sealed interface Wanted {

    /**
     * Words that follow each other.
     *
     * @param words at least one, as {@link io.daybook.events.SearchWords} has them
     * @param text as they were written, without what marks them
     * @param isPrefix whether the last one may go on
     */
    record Phrase(List<String> words, String text, boolean isPrefix) implements Wanted {}

    /** All of these, two at least. */
    record All(List<Wanted> each) implements Wanted {}

    /** One of these, two at least. */
    record Either(List<Wanted> each) implements Wanted {}

    record Not(Wanted what) implements Wanted {}
}
