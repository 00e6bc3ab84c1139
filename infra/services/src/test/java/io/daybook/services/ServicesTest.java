package io.daybook.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** At the same time, each in a directory of its own: they wait for starts and ends. */
@Execution(ExecutionMode.CONCURRENT)
class ServicesTest {

    @TempDir
    Path directory;

    @Test
    void keep_what_was_written_and_their_ports_over_a_restart() throws Exception {
        Map<String, String> before;
        try (Services services = Services.start(directory, service -> {})) {
            before = services.asProperties();
            assertThat(services.all()).allMatch(service -> service.pid() > 0);
            assertThatThrownBy(() -> Services.start(directory, service -> {}))
                    .hasMessageContaining("another process uses");
            StoredData.write(services);
        }
        try (Services services = Services.start(directory, service -> {})) {
            assertThat(services.asProperties()).isEqualTo(before);
            StoredData.check(services);
        }
        // An empty ledger in containers would look like a loss.
        assertThatThrownBy(() -> Services.startInDocker(directory, images -> {}, service -> {}))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("start without --docker");
    }

    @Test
    void end_with_the_process_that_started_them_even_if_it_is_killed() throws Exception {
        Process parent = ServicesParent.start(directory);
        List<Long> pids;
        try (var output = parent.inputReader()) {
            pids = List.of(output.readLine().split(" ")).stream()
                    .map(Long::valueOf)
                    .toList();
        }
        assertThat(pids).hasSize(6).allMatch(ServicesTest::isAlive);

        parent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        // At once: the new start waits for those that are still stopping.
        try (Services services = Services.start(directory, service -> {})) {
            assertThat(services.all()).allMatch(service -> isAlive(service.pid()));
            assertThat(pids).noneMatch(ServicesTest::isAlive);
        }
    }

    @Test
    void start_again_with_their_ports_and_data_when_they_have_ended_by_themselves() throws Exception {
        Queue<Service> ready = new ConcurrentLinkedQueue<>();
        List<Long> last;
        try (Services services = Services.start(directory, ready::add)) {
            Map<String, String> before = services.asProperties();
            StoredData.write(services);
            ready.clear();

            for (Service service : services.all()) {
                ProcessHandle.of(service.pid()).orElseThrow().destroyForcibly();
            }

            await().atMost(Duration.ofMinutes(2)).until(() -> Set.copyOf(ready).equals(Set.copyOf(services.all())));
            assertThat(services.all())
                    .allMatch(service -> service.restarts() >= 1)
                    .allMatch(service -> isAlive(service.pid()));
            assertThat(services.asProperties()).isEqualTo(before);
            StoredData.check(services);
            last = services.all().stream().map(Service::pid).toList();
        }
        assertThat(last).noneMatch(ServicesTest::isAlive);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Starts the services, prints their process ids, and waits to be killed. */
    static final class ServicesParent {
        static Process start(Path directory, String... options) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Ddaybook.home=" + Binaries.projectRoot(),
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    ServicesParent.class.getName(),
                    directory.toString()));
            command.addAll(List.of(options));
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        public static void main(String[] arguments) throws InterruptedException {
            Path directory = Path.of(arguments[0]);
            Services services = List.of(arguments).contains("--docker")
                    ? Services.startInDocker(directory, images -> {}, service -> {})
                    : Services.start(directory, service -> {});
            System.out.println(String.join(
                    " ",
                    services.all().stream()
                            .map(service -> Long.toString(service.pid()))
                            .toList()));
            Thread.sleep(Duration.ofMinutes(5));
        }
    }
}
