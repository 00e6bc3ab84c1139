package io.daybook.settings;

import java.net.URI;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Elasticsearch is: {@code daybook.elasticsearch.*}. Sides that share one are given the same.
 *
 * @param uri such as {@code http://elasticsearch:9200}
 * @param indexPrefix what the names of all indices begin with, before a hyphen
 */
public record ElasticsearchProperties(
        @DefaultValue("") String uri,
        @DefaultValue("daybook") String indexPrefix) {

    public ElasticsearchProperties {
        Limits.given("daybook.elasticsearch.uri", uri, "http://localhost:9200");
        Limits.given("daybook.elasticsearch.index-prefix", indexPrefix, "daybook");
    }

    /** Where it is asked. */
    public URI address() {
        return URI.create(uri);
    }
}
