package io.daybook.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {

    private static final BigInteger MAX = BigInteger.TWO.pow(127).subtract(BigInteger.ONE);

    static LongStream seeds() {
        return LongStream.range(0, 2_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void calculates_as_big_integers_do_or_refuses(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BigInteger a = number(random);
        BigInteger b = number(random);

        assertThat(Amount.of(a).toBigInteger()).isEqualTo(a);
        assertThat(Amount.parse(a.toString())).isEqualTo(Amount.of(a)).hasToString(a.toString());
        assertThat(Amount.of(a).signum()).isEqualTo(a.signum());
        assertThat(Amount.of(a).negated().toBigInteger()).isEqualTo(a.negate());
        assertThat(Integer.signum(Amount.of(a).compareTo(Amount.of(b)))).isEqualTo(a.compareTo(b));
        assertSameOrRefused(a.add(b), () -> Amount.of(a).plus(Amount.of(b)));
        assertSameOrRefused(a.subtract(b), () -> Amount.of(a).minus(Amount.of(b)));
    }

    private static void assertSameOrRefused(BigInteger expected, java.util.function.Supplier<Amount> calculation) {
        if (expected.abs().compareTo(MAX) > 0) {
            assertThatThrownBy(calculation::get).isInstanceOf(ArithmeticException.class);
        } else {
            assertThat(calculation.get().toBigInteger()).isEqualTo(expected);
        }
    }

    /** Numbers of every length, and those next to where a carry or an overflow begins. */
    private static BigInteger number(SplittableRandom random) {
        BigInteger number = random.nextInt(3) == 0
                ? BigInteger.TWO.pow(random.nextInt(127)).add(BigInteger.valueOf(random.nextInt(3) - 1L))
                : new BigInteger(1 + random.nextInt(127), new java.util.Random(random.nextLong()));
        return random.nextBoolean() ? number : number.negate();
    }

    @Test
    void is_at_most_2_to_the_127_minus_1() {
        assertThat(Amount.MAX.toBigInteger()).isEqualTo(MAX);
        assertThat(Amount.parse(MAX.toString())).isEqualTo(Amount.MAX);
        assertThatThrownBy(() -> Amount.parse(MAX.add(BigInteger.ONE).toString()))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Amount.MAX.plus(Amount.of(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Amount.MAX.negated().minus(Amount.of(1))).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "+1", "1.0", " 1", "1 ", "1e3", "abc", "0x10", "１"})
    void reads_nothing_but_digits(String text) {
        assertThatThrownBy(() -> Amount.parse(text)).isInstanceOf(NumberFormatException.class);
    }
}
