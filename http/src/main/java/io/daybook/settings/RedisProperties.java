package io.daybook.settings;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Redis is: {@code daybook.redis.*}.
 *
 * @param uri such as {@code redis://redis:6379/0}
 */
public record RedisProperties(@DefaultValue("") String uri) {

    public RedisProperties {
        Limits.given("daybook.redis.uri", uri, "redis://localhost:6379/0");
    }
}
