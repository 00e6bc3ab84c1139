/**
 * What both sides of Daybook's HTTP contract share: problem documents (RFC 9457), header names, who is asking, bounds of a
 * request, and the strict reading of JSON and of path and query values.
 */
@NullMarked
package io.daybook.http;

import org.jspecify.annotations.NullMarked;
