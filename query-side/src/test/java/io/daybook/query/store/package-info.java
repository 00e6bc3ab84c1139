@NullMarked
package io.daybook.query.store;

import org.jspecify.annotations.NullMarked;
