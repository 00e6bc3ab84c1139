package io.daybook.projections.feed;

import io.daybook.messages.EventsTopic;
import io.daybook.messages.Topics;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The topic that tokens are of. If it is deleted and made anew its offsets begin at 0 again, and a token of the old one would
 * pass over events that nobody has read; so it is dropped, and all is read from the beginning. What is known is recognised.
 */
public final class ReadTopic {

    private static final Logger LOG = LoggerFactory.getLogger(ReadTopic.class);

    private final EventsTopic topic;
    private final JdbcTemplate books;

    public ReadTopic(EventsTopic topic, JdbcTemplate books) {
        this.topic = topic;
        this.books = books;
    }

    /** Declares the topic; the id that Kafka has given it. */
    public String declare() throws ExecutionException, InterruptedException {
        topic.declare();
        return Topics.id(topic.bootstrapServers(), topic.name());
    }

    /** Sees to it that a processor, which must not run, has no tokens of another topic than this. */
    public void isReadBy(String processor, String id) {
        String before = DataAccessUtils.singleResult(
                books.queryForList("select topic from topic_read where processor_name = ?", String.class, processor));
        if (id.equals(before)) {
            return;
        }
        if (before != null) {
            LOG.warn("{} was made anew: {} reads it from the beginning", topic.name(), processor);
            books.update("delete from token_entry where processor_name = ?", processor);
        }
        books.update(
                "insert into topic_read (processor_name, topic) values (?, ?)"
                        + " on conflict (processor_name) do update set topic = excluded.topic",
                processor,
                id);
    }
}
