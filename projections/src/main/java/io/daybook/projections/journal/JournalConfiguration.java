package io.daybook.projections.journal;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The event store as projections know it. */
@Configuration(proxyBeanMethods = false)
public class JournalConfiguration {

    @Bean
    Journal projectionsJournal(
            @Value("${daybook.event-store.jdbc-url:}") String url,
            @Value("${daybook.event-store.username:}") String username,
            @Value("${daybook.event-store.password:}") String password) {
        return Journal.at(url, username, password);
    }
}
