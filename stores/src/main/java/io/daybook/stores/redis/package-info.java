/** The form of what is in Redis: names of keys, of fields and of channels. */
@NullMarked
package io.daybook.stores.redis;

import org.jspecify.annotations.NullMarked;
