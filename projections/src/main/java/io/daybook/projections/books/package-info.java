/** The books in PostgreSQL. */
@NullMarked
package io.daybook.projections.books;

import org.jspecify.annotations.NullMarked;
