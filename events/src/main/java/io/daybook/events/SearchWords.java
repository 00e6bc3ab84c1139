package io.daybook.events;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The words of a text, for what is searched and for who searches: both must take them apart in the same way. A word is a run of
 * letters and digits, without regard to case; all else only separates. So {@code accounts:alice} is two words that follow each
 * other, and {@code INV-2024-001} three.
 */
public final class SearchWords {

    /** A longer one is several, which follow each other; an index may have no room for longer ones. */
    private static final int MAX_LENGTH = 200;

    /** They are written without spaces: each character is a word, so that what stands within a run is found. */
    private static final Set<UnicodeScript> UNSPACED = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private SearchWords() {}

    /** Those of a text, in their order; empty if there is no letter and no digit in it. */
    public static List<String> of(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        folded.codePoints().forEach(character -> {
            boolean isSingle = UNSPACED.contains(UnicodeScript.of(character));
            if (isSingle || !isPart(character) || word.length() >= MAX_LENGTH) {
                end(word, words);
            }
            if (isPart(character)) {
                word.appendCodePoint(character);
            }
            if (isSingle) {
                end(word, words);
            }
        });
        end(word, words);
        return words;
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /** Whether a text ends within a word, which what follows it would go on with. */
    public static boolean endsWithin(String text) {
        return !text.isEmpty() && isPart(text.codePointBefore(text.length()));
    }

    /** Accents that do not melt into their letter are part of it. */
    private static boolean isPart(int character) {
        return Character.isLetterOrDigit(character)
                || switch (Character.getType(character)) {
                    case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
                    default -> false;
                };
    }
}
