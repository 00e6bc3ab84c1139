package io.daybook.query.request;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;

/** JSON as a store has it, passed on as it is: it is not read here, and what a hash is over stays what it was. */
public record Json(@JsonValue @JsonRawValue String text) {

    public static final Json EMPTY_OBJECT = new Json("{}");
}
