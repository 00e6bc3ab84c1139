package io.daybook.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Controller;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sides of Daybook, each an application context of its own without a web server: nothing of one is seen by another. They start
 * side by side. They stop before the web server does, so that streams end and nothing new is taken from Kafka while requests
 * under way are answered, and they are closed after it.
 */
final class Sides implements SmartLifecycle, AutoCloseable {

    private final Map<String, ConfigurableApplicationContext> contexts;
    private volatile boolean running = true;

    private Sides(Map<String, ConfigurableApplicationContext> contexts) {
        this.contexts = contexts;
    }

    /**
     * Starts them, and waits until each has.
     *
     * @param configurations by the names of the sides, in the order in which they stop
     * @param json which the edge reads and writes with
     * @param metrics which all meters go to
     * @throws RuntimeException that of the first side that cannot start; the others are closed again
     */
    static Sides start(
            Map<String, Class<?>> configurations,
            ConfigurableEnvironment environment,
            JsonMapper json,
            MeterRegistry metrics) {
        Duration patience = environment.getProperty(
                "spring.lifecycle.timeout-per-shutdown-phase", Duration.class, Duration.ofSeconds(30));
        Map<String, CompletableFuture<ConfigurableApplicationContext>> starting = new LinkedHashMap<>();
        configurations.forEach((name, configuration) -> {
            CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();
            starting.put(name, started);
            Thread.ofPlatform().name(name).start(() -> {
                try {
                    started.complete(start(name, configuration, environment, patience, json, metrics));
                } catch (Throwable e) {
                    started.completeExceptionally(e);
                }
            });
        });
        Map<String, ConfigurableApplicationContext> contexts = new LinkedHashMap<>();
        RuntimeException failure = null;
        for (Map.Entry<String, CompletableFuture<ConfigurableApplicationContext>> side : starting.entrySet()) {
            try {
                contexts.put(side.getKey(), side.getValue().join());
            } catch (CompletionException e) {
                failure = failure != null
                        ? failure
                        : new IllegalStateException("the " + side.getKey() + " cannot start", e.getCause());
            }
        }
        Sides sides = new Sides(contexts);
        if (failure != null) {
            sides.close();
            throw failure;
        }
        return sides;
    }

    private static ConfigurableApplicationContext start(
            String name,
            Class<?> configuration,
            ConfigurableEnvironment environment,
            Duration patience,
            JsonMapper json,
            MeterRegistry metrics) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.setId(name);
        context.setDisplayName(name);
        context.setEnvironment(ofASide(environment));
        context.registerBean(
                AnnotationConfigApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME,
                DefaultLifecycleProcessor.class,
                () -> {
                    DefaultLifecycleProcessor lifecycle = new DefaultLifecycleProcessor();
                    lifecycle.setTimeoutPerShutdownPhase(patience.toMillis());
                    return lifecycle;
                });
        context.getBeanFactory().registerSingleton("json", json);
        context.getBeanFactory().registerSingleton("metrics", metrics);
        context.register(configuration);
        try {
            context.refresh();
            context.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(metrics));
            return context;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** The same properties, of what is no web application. */
    private static ConfigurableEnvironment ofASide(ConfigurableEnvironment edge) {
        StandardEnvironment environment = new StandardEnvironment();
        edge.getPropertySources().stream()
                .filter(source -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
                .forEach(environment.getPropertySources()::addLast);
        ConfigurationPropertySources.attach(environment);
        environment.setConversionService(edge.getConversionService());
        return environment;
    }

    List<Object> controllers() {
        List<Object> controllers = new ArrayList<>();
        contexts.values()
                .forEach(context -> controllers.addAll(
                        context.getBeansWithAnnotation(Controller.class).values()));
        return controllers;
    }

    /** What tells of the stores of each side that has any. */
    Map<String, CompositeHealthContributor> stores() {
        Map<String, CompositeHealthContributor> stores = new LinkedHashMap<>();
        contexts.forEach((name, context) -> stores.put(name, context.getBean(CompositeHealthContributor.class)));
        return stores;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        contexts.values().forEach(ConfigurableApplicationContext::stop);
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void close() {
        contexts.values().forEach(ConfigurableApplicationContext::close);
    }
}
