package io.daybook.query.request;

import io.daybook.http.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * Where a page ended: the key of its last row. The next page begins behind that key, whatever is written in between.
 *
 * @param scope names the list, so that the cursor of another is refused
 */
public record Cursor(String scope, List<String> values) {

    /** In a list of one ledger, the value that tells how far the ledger had come; the key of the row follows. */
    static final int SEEN = 0;

    private static final int MAX_LENGTH = 2_000;
    private static final String SEPARATOR = "\n";

    static Cursor read(String field, String text, String scope, int size) {
        if (text.length() > MAX_LENGTH) {
            throw invalid(field);
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)))
                    .toString();
            List<String> parts = Arrays.asList(decoded.split(SEPARATOR, -1));
            if (parts.size() != size + 1 || !parts.getFirst().equals(scope)) {
                throw invalid(field);
            }
            return new Cursor(scope, List.copyOf(parts.subList(1, parts.size())));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw invalid(field);
        }
    }

    public String text(int index) {
        return values.get(index);
    }

    public long number(int index) {
        return value(index, Long::parseLong);
    }

    /**
     * @throws ProblemException {@code invalid-field} if the value is not what the list writes there
     */
    public <T> T value(int index, Function<String, T> reader) {
        try {
            return reader.apply(values.get(index));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw invalid("cursor");
        }
    }

    /** The cursor as clients see it. */
    @Override
    public String toString() {
        String text = scope + SEPARATOR + String.join(SEPARATOR, values);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ProblemException invalid(String field) {
        return ProblemException.invalidField(
                field, "is not a cursor of this list; take it from 'next' of a page with the same parameters");
    }
}
