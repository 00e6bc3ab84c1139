/** The form of what is in Elasticsearch: names of indices, their templates, and the fields of documents. */
@NullMarked
package io.daybook.stores.audit;

import org.jspecify.annotations.NullMarked;
