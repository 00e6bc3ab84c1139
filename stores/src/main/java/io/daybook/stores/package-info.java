/** The form of what is stored, declared once for whoever writes and whoever reads. */
@NullMarked
package io.daybook.stores;

import org.jspecify.annotations.NullMarked;
