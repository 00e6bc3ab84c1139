package io.daybook.projections.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FifoBufferTest {

    private final FifoBuffer<String> buffer = new FifoBuffer<>(5_000);

    @Test
    void gives_in_the_order_of_fetching() throws InterruptedException {
        buffer.putAll(List.of("z", "a", "m"));
        assertThat(List.of(buffer.take(), buffer.take(), buffer.take())).containsExactly("z", "a", "m");
        assertThat(buffer.poll(1, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void gives_what_was_fetched_before_it_tells_of_a_failure() throws InterruptedException {
        buffer.put("a");
        buffer.setException(new IllegalStateException("fetching failed"));
        assertThat(buffer.take()).isEqualTo("a");
        assertThatThrownBy(() -> buffer.poll(1, TimeUnit.MILLISECONDS)).hasMessage("fetching failed");
    }
}
