package io.daybook.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of an account's balance in one asset. A posting out of the account may not take it below {@code min}, a
 * posting into it not above {@code max}.
 *
 * @param min the least balance, or null if only the overdraft bounds it
 * @param max the greatest balance, or null if nothing bounds it
 */
@JsonPropertyOrder({"max", "min"})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BalanceLimits(@Nullable Amount min, @Nullable Amount max) {

    /**
     * @throws IllegalArgumentException if {@code min} is greater than {@code max}
     */
    public BalanceLimits {
        if (min != null && max != null && min.compareTo(max) > 0) {
            throw new IllegalArgumentException("a balance's min is not greater than its max");
        }
    }
}
