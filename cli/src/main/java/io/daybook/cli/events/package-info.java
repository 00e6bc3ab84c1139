/** {@code daybook events}: what happened, and every request, for those who have no Kibana. */
@NullMarked
package io.daybook.cli.events;

import org.jspecify.annotations.NullMarked;
