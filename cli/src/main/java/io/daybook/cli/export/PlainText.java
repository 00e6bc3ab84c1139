package io.daybook.cli.export;

import java.io.IOException;

/** Text of customers in files where a line is a statement: no character may end the line. */
final class PlainText {

    private PlainText() {}

    /**
     * Writes text as in a JSON string without its quotes, except that quotes stay as they are.
     *
     * @param alsoUnsafe one more character that means something at this place
     */
    static void escape(String text, char alsoUnsafe, Appendable out) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isUnsafe(c) || c == alsoUnsafe) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }

    private static boolean isUnsafe(char c) {
        int type = Character.getType(c);
        return type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }
}
