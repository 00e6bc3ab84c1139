package io.daybook.command.intake;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.daybook.events.Amount;
import io.daybook.http.Problem;
import io.daybook.http.ProblemCode;
import io.daybook.http.ProblemException;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount as it was asked for: any whole number, or all that is available.
 *
 * @param number null for {@code "max"}
 */
public record RequestedAmount(@Nullable BigInteger number) {

    private static final String MAX = "max";

    private static final Pattern DIGITS = Pattern.compile("-?[0-9]+");
    private static final int MAX_BITS = Amount.MAX.toBigInteger().bitLength();

    /** More digits than any amount can have; what is longer is not read, as that takes ever more time. */
    private static final int TOO_MANY_DIGITS = 60;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static RequestedAmount of(BigInteger number) {
        return new RequestedAmount(number);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static RequestedAmount of(String text) {
        if (text.equals(MAX)) {
            return new RequestedAmount((BigInteger) null);
        }
        if (!DIGITS.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "an amount is a whole number of the asset's smallest unit, in digits only, or \"max\"");
        }
        return new RequestedAmount(
                new BigInteger(text.length() > TOO_MANY_DIGITS ? "9".repeat(TOO_MANY_DIGITS) : text));
    }

    @JsonValue
    @Override
    public String toString() {
        return number == null ? MAX : number.toString();
    }

    /**
     * The amount, which must be in the contract's range.
     *
     * @return null for {@code "max"}
     * @throws ProblemException if it is zero, negative or too large
     */
    public static @Nullable Amount orMax(String field, RequestedAmount requested) {
        BigInteger number = requested.number();
        if (number == null) {
            return null;
        }
        if (number.signum() <= 0 || number.bitLength() > MAX_BITS) {
            throw new ProblemException(Problem.of(
                    ProblemCode.AMOUNT_OUT_OF_RANGE,
                    field + ": an amount is from 1 to 2^127-1 of the asset's smallest unit"));
        }
        return Amount.of(number);
    }

    /**
     * The amount where {@code "max"} has no meaning.
     *
     * @throws ProblemException if it is {@code "max"}, zero, negative or too large
     */
    public static Amount exactly(String field, RequestedAmount requested) {
        Amount amount = orMax(field, requested);
        if (amount == null) {
            throw ProblemException.invalidField(field, "is a whole number here, not \"max\"");
        }
        return amount;
    }
}
