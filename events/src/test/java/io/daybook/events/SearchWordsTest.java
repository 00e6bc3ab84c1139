package io.daybook.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            accounts:alice       | accounts alice
            users:John_Doe-1:x   | users john doe 1 x
            INV-2024-001         | inv 2024 001
            5.00 USD             | 5 00 usd
            Größe ÉTÉ            | größe été
            ﬁve ２               | five 2
            客户退款 a            | 客 户 退 款 a
            นโม                  | น โ ม
            a💰b                 | a b
            🂡 :: --              | ''
            daybook.transaction-posted.v1 | daybook transaction posted v1
            """)
    void letters_and_digits_are_words(String text, String words) {
        assertThat(String.join(" ", SearchWords.of(text))).isEqualTo(words);
    }

    @Test
    void composed_and_decomposed_letters_are_the_same() {
        assertThat(SearchWords.of("Cafe\u0301")).isEqualTo(SearchWords.of("caf\u00e9"));
        assertThat(SearchWords.of("\ud800a\udc00")).containsExactly("a");
    }

    @Test
    void what_is_longer_than_an_index_takes_is_several_words() {
        assertThat(SearchWords.of("a".repeat(450)))
                .isEqualTo(List.of("a".repeat(200), "a".repeat(200), "a".repeat(50)));
    }

    @Test
    void a_text_may_end_within_a_word() {
        assertThat(SearchWords.endsWithin("accounts:al")).isTrue();
        assertThat(SearchWords.endsWithin("accounts:")).isFalse();
        assertThat(SearchWords.endsWithin("")).isFalse();
    }
}
