/** What an installation on this machine leaves in its data folder: how to find it, and its token. */
@NullMarked
package io.daybook.installation;

import org.jspecify.annotations.NullMarked;
