package io.daybook.standalone;

import io.daybook.http.HttpConfiguration;
import io.daybook.http.requestlog.RequestLogConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Command side, projections and query side in one process: one origin, as behind the gateway of a larger installation. This
 * context is the edge that they share, with the web server, the log of requests and the metrics; each side has a context of
 * its own.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({HttpConfiguration.class, RequestLogConfiguration.class, SidesConfiguration.class})
public class DaybookApplication {}
