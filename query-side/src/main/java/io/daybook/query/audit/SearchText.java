package io.daybook.query.audit;

import io.daybook.events.SearchWords;
import io.daybook.http.ProblemException;
import io.daybook.query.audit.Wanted.All;
import io.daybook.query.audit.Wanted.Either;
import io.daybook.query.audit.Wanted.Not;
import io.daybook.query.audit.Wanted.Phrase;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what stands in {@code q}:
 *
 * <pre>
 * either = all { ( "OR" | "|" ) all }
 * all    = not { [ "AND" | "+" ] not }
 * not    = { "NOT" | "-" } one
 * one    = "(" either ")" | '"' phrase '"' [ "*" ] | word [ "*" ]
 * </pre>
 *
 * So NOT binds closest, then AND, which may be left out, and OR last. A word ends at a space, a quote or a bracket. Within quotes
 * all is as it stands, but {@code \"} and {@code \\}. Used once.
 */
final class SearchText {

    private static final String FIELD = "q";

    /** Each asks for several fields; what asks for too much at once is refused by the index, without the place. */
    private static final int MAX_PHRASES = 100;

    /** Brackets within brackets: the index takes queries of so many levels, with three for a bracket. */
    private static final int MAX_DEPTH = 8;

    private static final char QUOTE = '"';

    /** What operators are written as; the signs are those of before they had words. */
    private static final List<String> OR = List.of("OR", "|");

    private static final List<String> AND = List.of("AND", "+");
    private static final List<String> NOT = List.of("NOT");

    private final String text;
    private int next;
    private int depth;
    private int phrases;

    private SearchText(String text) {
        this.text = text;
    }

    /**
     * Reads all of it.
     *
     * @param text not blank
     * @throws ProblemException {@code invalid-field}, with the place of what cannot be understood
     */
    static Wanted read(String text) {
        SearchText reading = new SearchText(text);
        Wanted wanted = reading.either();
        if (!reading.isAtEnd()) {
            throw reading.wrong(
                    reading.next,
                    "nothing was opened that this ')' could close; a bracket that is"
                            + " searched for stands in quotes");
        }
        return wanted;
    }

    private Wanted either() {
        List<Wanted> each = new ArrayList<>();
        do {
            each.add(all());
        } while (skip(OR));
        return each.size() == 1 ? each.getFirst() : new Either(List.copyOf(each));
    }

    private Wanted all() {
        List<Wanted> each = new ArrayList<>();
        do {
            each.add(not());
        } while (skip(AND) || !isAtEnd() && text.charAt(next) != ')' && !is(OR));
        return each.size() == 1 ? each.getFirst() : new All(List.copyOf(each));
    }

    private Wanted not() {
        boolean isWanted = true;
        while (skip(NOT) || skipMinus()) {
            isWanted = !isWanted;
        }
        Wanted one = one();
        return isWanted ? one : new Not(one);
    }

    private Wanted one() {
        if (isAtEnd()) {
            throw wrong(next, "something to search for is missing at the end");
        }
        char first = text.charAt(next);
        if (first == '(') {
            return bracket();
        }
        if (first == ')' || is(OR) || is(AND)) {
            throw wrong(
                    next,
                    "something to search for is missing before this "
                            + (first == ')' ? "')'" : is(OR) ? "OR" : "AND")
                            + "; what is searched for as it stands is put in quotes");
        }
        if (++phrases > MAX_PHRASES) {
            throw wrong(next, "these are more than " + MAX_PHRASES + " words and phrases");
        }
        return first == QUOTE ? quoted() : word();
    }

    private Wanted bracket() {
        int opened = next++;
        if (++depth > MAX_DEPTH) {
            throw wrong(opened, "there are more than " + MAX_DEPTH + " brackets within each other");
        }
        Wanted within = either();
        if (isAtEnd()) {
            throw wrong(opened, "this '(' is not closed");
        }
        next++;
        depth--;
        return within;
    }

    private Phrase quoted() {
        int opened = next++;
        StringBuilder within = new StringBuilder();
        while (next < text.length() && text.charAt(next) != QUOTE) {
            if (text.charAt(next) == '\\' && next + 1 < text.length()) {
                next++;
            }
            within.append(text.charAt(next++));
        }
        if (next == text.length()) {
            throw wrong(opened, "this '\"' is not closed; one that is searched for is written \\\" in quotes");
        }
        next++;
        boolean isPrefix = next < text.length() && text.charAt(next) == '*';
        if (isPrefix) {
            next++;
        }
        return phrase(opened, within.toString(), isPrefix);
    }

    private Phrase word() {
        int begun = next;
        while (next < text.length() && !isEndOfWord(text.charAt(next))) {
            char character = text.charAt(next);
            if (character == '*' && next + 1 < text.length() && !isEndOfWord(text.charAt(next + 1))) {
                throw wrong(next, "a '*' stands at the end of a word, for all that begin so");
            }
            if (character == '|') {
                throw wrong(next, "what may be one or the other is written with OR");
            }
            next++;
        }
        boolean isPrefix = text.charAt(next - 1) == '*';
        return phrase(begun, text.substring(begun, isPrefix ? next - 1 : next), isPrefix);
    }

    private Phrase phrase(int begun, String written, boolean isPrefix) {
        List<String> words = SearchWords.of(written);
        if (words.isEmpty()) {
            throw wrong(begun, "there is no letter and no digit in this that could be searched for");
        }
        // After what separates words, another one may begin with anything.
        return new Phrase(words, written, isPrefix && SearchWords.endsWithin(written));
    }

    /** Passes spaces. */
    private boolean isAtEnd() {
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        return next == text.length();
    }

    /** Passes an operator. */
    private boolean skip(List<String> operator) {
        if (is(operator)) {
            next = endOfWord();
            return true;
        }
        return false;
    }

    private boolean is(List<String> operator) {
        return !isAtEnd() && operator.contains(text.substring(next, endOfWord()));
    }

    private int endOfWord() {
        int end = next;
        while (end < text.length() && !isEndOfWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** A minus before something is a NOT. */
    private boolean skipMinus() {
        if (isAtEnd() || text.charAt(next) != '-') {
            return false;
        }
        if (next + 1 == text.length() || Character.isWhitespace(text.charAt(next + 1))) {
            throw wrong(next, "a '-' stands right before what must not be there");
        }
        next++;
        return true;
    }

    private static boolean isEndOfWord(char character) {
        return Character.isWhitespace(character) || character == QUOTE || character == '(' || character == ')';
    }

    private ProblemException wrong(int place, String reason) {
        return ProblemException.invalidField(
                FIELD, "cannot be understood at character " + (text.codePointCount(0, place) + 1) + ": " + reason);
    }
}
