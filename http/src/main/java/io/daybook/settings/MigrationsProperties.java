package io.daybook.settings;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code daybook.migrations.*}: when the schema of a side's database is brought to the form that the side needs.
 *
 * @param atStart whether that is done by each node when it starts; else it is done before, by {@code daybook migrate}, and a node
 *     that finds less than it needs does not start
 */
public record MigrationsProperties(@DefaultValue("true") boolean atStart) {}
