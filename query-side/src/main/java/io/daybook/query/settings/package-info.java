/** What an operator may set of the query side. */
@NullMarked
package io.daybook.query.settings;

import org.jspecify.annotations.NullMarked;
