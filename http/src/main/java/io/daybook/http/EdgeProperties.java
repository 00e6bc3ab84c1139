package io.daybook.http;

import static io.daybook.settings.Limits.within;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator may set of the edge of a process: {@code daybook.edge.*}.
 *
 * @param drain how long a process that ends still answers on connections that are kept, while it takes no new ones, 0 to 1 min.
 *     Behind a gateway that is longer than the gateway keeps them; then none is closed in the face of a request
 */
@ConfigurationProperties("daybook.edge")
public record EdgeProperties(@DefaultValue("0s") Duration drain) {

    public EdgeProperties {
        within("daybook.edge.drain", drain, Duration.ZERO, Duration.ofMinutes(1));
    }
}
