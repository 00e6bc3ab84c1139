package io.daybook.standalone;

import io.daybook.command.CommandSideConfiguration;
import io.daybook.projections.ProjectionsConfiguration;
import io.daybook.query.QuerySideConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Command side, projections and query side in one application: one origin, as behind the gateway of a larger one. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({CommandSideConfiguration.class, ProjectionsConfiguration.class, QuerySideConfiguration.class})
public class DaybookApplication {}
