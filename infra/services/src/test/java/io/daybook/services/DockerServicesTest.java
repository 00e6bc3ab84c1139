package io.daybook.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** Needs a Docker engine that has the images already: a test is no occasion to fetch gigabytes. */
class DockerServicesTest {

    @TempDir
    Path directory;

    @BeforeEach
    void need_an_engine_with_the_images() {
        assumeTrue(
                isEngineUsable(),
                "SKIPPED: THE SERVICES IN DOCKER ARE NOT TESTED, because no Docker engine answers that Testcontainers can use;"
                        + " start one ('docker info' must work for this user) and run the tests again");
        String missing = String.join(
                " ",
                ContainerStarter.IMAGES.stream()
                        .filter(image -> !image.isLocal(docker()))
                        .map(Image::name)
                        .toList());
        assumeTrue(
                missing.isEmpty(),
                "SKIPPED: THE SERVICES IN DOCKER ARE NOT TESTED, because the engine lacks images; fetch them with:"
                        + " for image in " + missing + "; do docker pull $image; done");
    }

    private static boolean isEngineUsable() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (RuntimeException e) { // its cleaner cannot be fetched, or is not allowed to run
            return false;
        }
    }

    @AfterEach
    void remove_the_volumes() throws IOException {
        if (Files.exists(directory.resolve("id"))) {
            String id = id();
            docker().listVolumesCmd().exec().getVolumes().stream()
                    .filter(volume -> volume.getName().startsWith(id))
                    .forEach(
                            volume -> docker().removeVolumeCmd(volume.getName()).exec());
        }
    }

    @Test
    void keep_what_was_written_and_their_ports_over_a_restart() throws Exception {
        Map<String, String> before;
        try (Services services = Services.startInDocker(directory, images -> {}, service -> {})) {
            before = services.asProperties();
            assertThat(services.all()).allMatch(service -> service.pid() == -1).allMatch(service -> service.container()
                    .startsWith("daybook-"));
            assertThat(services.all()).allMatch(service -> Files.exists(service.log()));
            assertThat(addresses()).containsExactly("127.0.0.1");
            StoredData.write(services);
        }
        assertThat(addresses()).isEmpty();
        try (Services services = Services.startInDocker(directory, images -> {}, service -> {})) {
            assertThat(services.asProperties()).isEqualTo(before);
            StoredData.check(services);
        }
    }

    @Test
    void keep_what_was_written_when_the_process_that_started_them_is_killed() throws Exception {
        Process parent = ServicesTest.ServicesParent.start(directory, "--docker");
        try (var output = parent.inputReader()) {
            assertThat(output.readLine()).isEqualTo("-1 -1 -1 -1 -1 -1");
        }
        parent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        // At once: what is left over must be gone before the same data are used again.
        try (Services services = Services.startInDocker(directory, images -> {}, service -> {})) {
            StoredData.write(services);
            StoredData.check(services);
        }
    }

    /** The addresses of this machine at which the containers can be reached. */
    private Set<String> addresses() throws IOException {
        return docker().listContainersCmd().withNameFilter(List.of(id())).exec().stream()
                .flatMap(container -> Arrays.stream(container.getPorts()))
                .filter(port -> port.getPublicPort() != null)
                .map(ContainerPort::getIp)
                .collect(Collectors.toSet());
    }

    private String id() throws IOException {
        return Files.readString(directory.resolve("id"));
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }
}
