package io.daybook.projections.posting;

import io.daybook.axon.Tokens;
import java.util.List;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tokens of processors as they are stored, whoever runs these. Axon's token store would claim a token that it reads. */
public final class ProcessorTokens {

    private ProcessorTokens() {}

    /** How far each segment of a processor has come; null for nothing. */
    public static List<@Nullable TrackingToken> of(JdbcTemplate books, String processor) {
        return books.query(
                "select token, token_type from token_entry where processor_name = ? order by segment",
                (row, number) -> Tokens.read(row.getBytes("token"), row.getString("token_type")),
                processor);
    }
}
