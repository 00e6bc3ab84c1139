package io.daybook.cli.files;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files of text in UTF-8, plain or compressed by gzip. */
public final class TextFile {

    private static final int GZIP_MAGIC = 0x1f8b;

    private TextFile() {}

    public static BufferedReader open(Path path) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(path));
        try {
            bytes.mark(2);
            int magic = bytes.read() << 8 | bytes.read();
            bytes.reset();
            return new BufferedReader(new InputStreamReader(
                    magic == GZIP_MAGIC ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }
}
