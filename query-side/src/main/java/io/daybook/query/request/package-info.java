/** What every query has in common: parameters, pages and cursors, and how fresh an answer must be. */
@NullMarked
package io.daybook.query.request;

import org.jspecify.annotations.NullMarked;
