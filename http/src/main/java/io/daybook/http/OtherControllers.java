package io.daybook.http;

import java.util.Collection;

/** Another application context of this process, which has controllers and no web server: its routes are served by this one. */
@FunctionalInterface
public interface OtherControllers {

    /** Its controllers, ready to answer. */
    Collection<Object> controllers();
}
