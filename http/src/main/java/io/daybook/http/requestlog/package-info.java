/**
 * Every request that comes in, on its way to Kafka: what Tomcat tells of it when it has been answered goes {@code RequestValve}
 * → {@link io.daybook.http.requestlog.RequestLog} → {@code daybook.requests}.
 */
@NullMarked
package io.daybook.http.requestlog;

import org.jspecify.annotations.NullMarked;
