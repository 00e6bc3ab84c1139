/** The audit index in Elasticsearch. */
@NullMarked
package io.daybook.projections.audit;

import org.jspecify.annotations.NullMarked;
