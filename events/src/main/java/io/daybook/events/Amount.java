package io.daybook.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;

/**
 * A signed whole number of an asset's smallest unit, from −(2^127−1) to 2^127−1, with exact arithmetic: a result outside
 * that range is an {@link ArithmeticException}, never a wrong number.
 *
 * <p>It is held as the two halves of a 128-bit two's complement number, {@code high·2^64 + low} with {@code low} taken as
 * unsigned: 16 bytes without a second object, as balances are held by the million. In JSON it is a string of digits, so
 * that no client loses precision; integers are accepted too.
 */
public record Amount(long high, long low) implements Comparable<Amount> {

    public static final Amount ZERO = new Amount(0, 0);

    /** 2^127−1, the largest amount and the largest balance. */
    public static final Amount MAX = new Amount(Long.MAX_VALUE, -1L);

    private static final BigInteger MAX_VALUE = BigInteger.TWO.pow(127).subtract(BigInteger.ONE);
    private static final int MAX_DIGITS = 39;
    private static final int DIGITS_THAT_FIT_IN_A_LONG = 18;

    /**
     * @throws ArithmeticException for −2^127, which has no positive counterpart
     */
    public Amount {
        if (high == Long.MIN_VALUE && low == 0) {
            throw outOfRange();
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Amount of(long value) {
        return new Amount(value >> 63, value);
    }

    /**
     * @throws ArithmeticException if {@code value} is outside the range
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Amount of(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            return of(value.longValue());
        }
        if (value.abs().compareTo(MAX_VALUE) > 0) {
            throw outOfRange();
        }
        return new Amount(value.shiftRight(64).longValue(), value.longValue());
    }

    /**
     * Reads decimal digits, with a minus sign before them if negative.
     *
     * @throws NumberFormatException if {@code text} is anything else
     * @throws ArithmeticException if the number is outside the range
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Amount parse(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        if (text.length() == start) {
            throw notANumber();
        }
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw notANumber();
            }
        }
        if (text.length() - start <= DIGITS_THAT_FIT_IN_A_LONG) {
            return of(Long.parseLong(text));
        }
        if (text.length() - start > MAX_DIGITS) {
            throw outOfRange();
        }
        return of(new BigInteger(text));
    }

    /**
     * @throws ArithmeticException if the sum is outside the range
     */
    public Amount plus(Amount other) {
        long sumLow = low + other.low;
        long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
        long sumHigh = high + other.high + carry;
        // As in Math.addExact: overflow if both operands have the sign that the result has not.
        if (((high ^ sumHigh) & (other.high ^ sumHigh)) < 0) {
            throw outOfRange();
        }
        return new Amount(sumHigh, sumLow);
    }

    /**
     * @throws ArithmeticException if the difference is outside the range
     */
    public Amount minus(Amount other) {
        return plus(other.negated());
    }

    public Amount negated() {
        return new Amount(low == 0 ? -high : ~high, -low);
    }

    /** −1, 0 or 1, as the amount is negative, zero or positive. */
    public int signum() {
        return high < 0 ? -1 : (high | low) == 0 ? 0 : 1;
    }

    public boolean isNegative() {
        return high < 0;
    }

    public boolean isPositive() {
        return signum() > 0;
    }

    public boolean isZero() {
        return (high | low) == 0;
    }

    /** Whether it is from −2^63 to 2^63−1, so that {@link #low} alone has all of it. */
    public boolean isLong() {
        return high == low >> 63;
    }

    public Amount min(Amount other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public Amount max(Amount other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public BigInteger toBigInteger() {
        BigInteger lowHalf = BigInteger.valueOf(low >>> 1).shiftLeft(1).add(BigInteger.valueOf(low & 1));
        return BigInteger.valueOf(high).shiftLeft(64).add(lowHalf);
    }

    @Override
    public int compareTo(Amount other) {
        int byHigh = Long.compare(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The number in decimal digits, with a minus sign if it is negative. */
    @Override
    @JsonValue
    public String toString() {
        return isLong() ? Long.toString(low) : toBigInteger().toString();
    }

    private static ArithmeticException outOfRange() {
        return new ArithmeticException("an amount is at most 2^127-1 = " + MAX_VALUE);
    }

    private static NumberFormatException notANumber() {
        return new NumberFormatException("an amount is a whole number of the asset's smallest unit, in digits only");
    }
}
