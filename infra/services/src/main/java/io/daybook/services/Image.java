package io.daybook.services;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/**
 * An image that a service runs from.
 *
 * @param variable the environment variable that names another one
 */
record Image(String name, String variable) {

    static Image of(String service, String official) {
        String variable = "DAYBOOK_IMAGE_" + service;
        return new Image(System.getenv().getOrDefault(variable, official), variable);
    }

    /**
     * Fetches those that the engine does not have, side by side.
     *
     * @param fetching is told the names of those that are not there yet, each time they change
     * @throws ServiceException if one cannot be fetched
     */
    static void fetch(List<Image> images, DockerClient docker, Consumer<Set<String>> fetching) {
        List<Image> missing =
                images.stream().filter(image -> !image.isLocal(docker)).toList();
        if (missing.isEmpty()) {
            return;
        }
        Fetching names = new Fetching(missing, fetching);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(missing.stream()
                            .map(image -> CompletableFuture.runAsync(image::fetch, executor)
                                    .thenRun(() -> names.remove(image)))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ServiceException cause ? cause : e;
        }
    }

    boolean isLocal(DockerClient docker) {
        try {
            docker.inspectImageCmd(name).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private void fetch() {
        try {
            new RemoteDockerImage(DockerImageName.parse(name)).get();
        } catch (Exception e) { // its get() throws what it does not declare
            throw new ServiceException(
                    "the image " + name + " cannot be fetched: "
                            + Container.rootOf(e).getMessage() + "\n'docker pull " + name + "' tells more; " + variable
                            + " names another image",
                    e);
        }
    }

    /** What is not there yet; the engine fetches several at a time. */
    private static final class Fetching {

        private final Set<String> names = new TreeSet<>();
        private final Consumer<Set<String>> listener;

        Fetching(List<Image> images, Consumer<Set<String>> listener) {
            this.listener = listener;
            images.forEach(image -> names.add(image.name()));
            listener.accept(Set.copyOf(names));
        }

        synchronized void remove(Image image) {
            names.remove(image.name());
            listener.accept(Set.copyOf(names));
        }
    }
}
