/** The stores that queries read, how each is reached, and what happens when it is not. */
@NullMarked
package io.daybook.query.store;

import org.jspecify.annotations.NullMarked;
