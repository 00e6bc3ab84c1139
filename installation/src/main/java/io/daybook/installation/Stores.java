package io.daybook.installation;

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

/**
 * How the stores are reached: the properties that the application has. An installation has them in the file
 * {@code stores.properties} of its data folder, which is its owner's alone; elsewhere, as in a container of the application,
 * they are in the environment, as {@code DAYBOOK_BOOKS_JDBCURL} and so on.
 */
public final class Stores {

    private static final String FILE_NAME = "stores.properties";

    private final Path folder;
    private final Properties properties;

    private Stores(Path folder, Properties properties) {
        this.folder = folder;
        this.properties = properties;
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
            throw new InstallationException("How the stores are reached cannot be read from " + file + ": " + e
                    + ".\nIt belongs to whoever brought Daybook up; be that user.");
        }
        return new Stores(folder, properties);
    }

    /**
     * @param property such as {@code daybook.books.jdbc-url}
     * @throws InstallationException if it is not known, or the installation that has the stores is down, and they with it
     */
    public String get(String property) {
        String inEnvironment = System.getenv(variable(property));
        if (inEnvironment != null) {
            return inEnvironment;
        }
        if (!Installation.read(folder).map(Installation::isAlive).orElse(false)) {
            throw new InstallationException("No Daybook runs in " + folder
                    + ", and without it the stores are not there.\nStart it with './daybook up', or name another data folder"
                    + " with --data. Of stores that run elsewhere, set " + variable(property)
                    + " and what belongs to it.");
        }
        String known = properties.getProperty(property);
        if (known == null) {
            throw new InstallationException("It is not known how the stores are reached: " + folder.resolve(FILE_NAME)
                    + " does not say " + property + ", and there is no variable " + variable(property)
                    + ".\nName the data folder of the installation with --data, or set the variable.");
        }
        return known;
    }

    /** What it is, or the value that it has where nothing is said of it. */
    public String get(String property, String otherwise) {
        String inEnvironment = System.getenv(variable(property));
        return inEnvironment == null ? properties.getProperty(property, otherwise) : inEnvironment;
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "");
    }
}
