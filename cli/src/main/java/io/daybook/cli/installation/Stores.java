package io.daybook.cli.installation;

import io.daybook.cli.terminal.CommandFailed;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * How the stores are reached: the properties that the application has. An installation has them in the file
 * {@code stores.properties} of its data folder, which is its owner's alone; elsewhere, as in a container of the application,
 * they are in the environment, as {@code DAYBOOK_BOOKS_JDBCURL} and so on.
 */
public final class Stores {

    private static final String FILE_NAME = "stores.properties";

    private final Properties properties;
    private final Path file;

    private Stores(Properties properties, Path file) {
        this.properties = properties;
        this.file = file;
    }

    /** Writes the file of an installation. */
    public static void write(Path folder, Map<String, ?> stores) {
        Path file = folder.resolve(FILE_NAME);
        Properties properties = new Properties();
        stores.forEach((name, value) -> properties.setProperty(name, value.toString()));
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            StringWriter text = new StringWriter();
            properties.store(text, null);
            Files.writeString(file, text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Of the installation in a folder, as far as the environment does not say otherwise. */
    public static Stores of(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(file)) {
            properties.load(text);
        } catch (NoSuchFileException e) {
            // Then it is in the environment.
        } catch (IOException e) {
            throw new CommandFailed("How the stores are reached cannot be read from " + file + ": " + e
                    + ".\nIt belongs to whoever brought Daybook up; be that user.");
        }
        return new Stores(properties, file);
    }

    /**
     * @param property such as {@code daybook.books.jdbc-url}
     * @throws CommandFailed if it is not known
     */
    public String get(String property) {
        String known = find(property);
        if (known == null) {
            throw new CommandFailed("It is not known how the stores are reached: " + file + " does not say "
                    + property + ", and there is no variable " + variable(property)
                    + ".\nStart Daybook with './daybook up', name its data folder with --data, or set the variable.");
        }
        return known;
    }

    /** What it is, or the value that it has where nothing is said of it. */
    public String get(String property, String otherwise) {
        String known = find(property);
        return known == null ? otherwise : known;
    }

    private @Nullable String find(String property) {
        String value = System.getenv(variable(property));
        return value != null ? value : properties.getProperty(property);
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "");
    }
}
