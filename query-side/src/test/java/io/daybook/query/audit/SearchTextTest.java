package io.daybook.query.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.daybook.http.ProblemException;
import io.daybook.query.audit.Wanted.All;
import io.daybook.query.audit.Wanted.Either;
import io.daybook.query.audit.Wanted.Not;
import io.daybook.query.audit.Wanted.Phrase;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTextTest {

    private static String told(Wanted wanted) {
        return switch (wanted) {
            case Phrase phrase -> String.join("_", phrase.words()) + (phrase.isPrefix() ? "*" : "");
            case All all -> all.each().stream().map(SearchTextTest::told).collect(Collectors.joining("&", "(", ")"));
            case Either either ->
                either.each().stream().map(SearchTextTest::told).collect(Collectors.joining("|", "(", ")"));
            case Not not -> "!" + told(not.what());
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            a                      ~ a
            a b                    ~ (a&b)
            a AND b                ~ (a&b)
            a OR b                 ~ (a|b)
            a OR b c               ~ (a|(b&c))
            a b OR c AND d         ~ ((a&b)|(c&d))
            (a OR b) c             ~ ((a|b)&c)
            NOT a                  ~ !a
            a NOT b                ~ (a&!b)
            a AND NOT b OR c       ~ ((a&!b)|c)
            NOT (a b)              ~ !(a&b)
            NOT NOT a              ~ a
            a -b                   ~ (a&!b)
            -(a OR b)              ~ !(a|b)
            a | b                  ~ (a|b)
            a + b                  ~ (a&b)
            or and not             ~ (or&and&not)
            ORDER ANDY NOTE        ~ (order&andy&note)
            "a OR b"               ~ a_or_b
            "OR"                   ~ or
            "say \\"hi\\" \\\\ x"  ~ say_hi_x
            ""a""                  ~ FAILS
            accounts:alice         ~ accounts_alice
            INV-2024-001           ~ inv_2024_001
            INV-2024*              ~ inv_2024*
            accounts:al*           ~ accounts_al*
            accounts:*             ~ accounts
            "gold ti"*             ~ gold_ti*
            a"b c"d                ~ (a&b_c&d)
            ((a))                  ~ a
            field:[1               ~ field_1
            5.00                   ~ 5_00
            """)
    void operators_bind_as_is_said(String text, String wanted) {
        if (wanted.equals("FAILS")) {
            assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> SearchText.read(text));
        } else {
            assertThat(told(SearchText.read(text))).isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            "a b         ~ 1  ~ is not closed
            a "b         ~ 3  ~ is not closed
            (a           ~ 1  ~ is not closed
            a (b (c) d   ~ 3  ~ is not closed
            a) b         ~ 2  ~ nothing was opened
            ()           ~ 2  ~ missing before this ')'
            AND          ~ 1  ~ missing before this AND
            a AND        ~ 6  ~ missing at the end
            a OR         ~ 5  ~ missing at the end
            OR a         ~ 1  ~ missing before this OR
            a AND OR b   ~ 7  ~ missing before this OR
            a OR OR b    ~ 6  ~ missing before this OR
            NOT          ~ 4  ~ missing at the end
            (a OR)       ~ 6  ~ missing before this ')'
            a && b       ~ 3  ~ no letter and no digit
            *            ~ 1  ~ no letter and no digit
            ""           ~ 1  ~ no letter and no digit
            a {} b       ~ 3  ~ no letter and no digit
            a*b          ~ 2  ~ at the end of a word
            *a           ~ 1  ~ at the end of a word
            a|b          ~ 2  ~ written with OR
            a - b        ~ 3  ~ right before
            💰💰 *a      ~ 1  ~ no letter and no digit
            "💰a" *a     ~ 6  ~ at the end of a word
            """)
    void what_cannot_be_understood_is_told_with_its_place(String text, int place, String reason) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> SearchText.read(text))
                .satisfies(problem -> assertThat(problem.problem().toString())
                        .contains("at character " + place + ":")
                        .contains(reason));
    }

    @Test
    void there_are_bounds() {
        assertThat(told(SearchText.read("(".repeat(8) + "a" + ")".repeat(8)))).isEqualTo("a");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> SearchText.read("(".repeat(9) + "a" + ")".repeat(9)))
                .satisfies(problem -> assertThat(problem.problem().toString()).contains("at character 9:", "brackets"));
        assertThat(((All) SearchText.read("a ".repeat(100))).each()).hasSize(100);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> SearchText.read("a ".repeat(101)))
                .satisfies(problem -> assertThat(problem.problem().toString()).contains("at character 201:"));
    }

    /** Of anything, it makes a query or says where it does not. */
    @RepeatedTest(20)
    void any_text_is_understood_or_refused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] parts = {
            "a", "OR", "AND", "NOT", " ", " ", "\"", "(", ")", "*", "-", "\\", "|", "+", "💰", "é", "x:y", "\t", "\0"
        };
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder("a");
            for (int part = random.nextInt(12); part > 0; part--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                assertThat(told(SearchText.read(text.toString()))).isNotEmpty();
            } catch (ProblemException e) {
                assertThat(e.problem().toString())
                        .as("%s of seed %d", text, seed)
                        .contains("at character ");
            }
        }
    }
}
