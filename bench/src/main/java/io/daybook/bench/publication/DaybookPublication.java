package io.daybook.bench.publication;

import io.daybook.bench.setup.Applications;
import io.daybook.command.publication.PublicationConfiguration;
import io.daybook.command.store.EventStoreConfiguration;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/** Daybook's own publication, as the command side configures it. */
final class DaybookPublication implements AutoCloseable {

    private final ConfigurableApplicationContext application;

    DaybookPublication(Map<String, String> services) {
        application = Applications.start(services, EventStoreConfiguration.class, PublicationConfiguration.class);
    }

    @Override
    public void close() {
        application.close();
    }
}
