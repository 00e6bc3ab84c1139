package io.daybook.installation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a program's classes and methods were like when the build ran it, so that its next start need not find that out
 * again: a cache of the JVM's (JEP 483, 514, 515), in a file beside the program's libraries. The JVM refuses one of other
 * libraries, and starts without.
 */
public final class AotCache {

    /** An environment variable: where it is set, programs make their caches when they end, instead of using them. */
    private static final String TRAINING = "DAYBOOK_AOT_TRAINING";

    /** Of a cache, in the folder that has the program's libraries in {@code lib}. */
    static final String FILE = "daybook.aot";

    private AotCache() {}

    /** Whether caches are made. */
    public static boolean isTraining() {
        return System.getenv(TRAINING) != null;
    }

    /**
     * The JVM's options for it.
     *
     * @param target the folder whose {@code lib} the program's libraries are in, or are copied from with their times
     * @return none if there is no cache to use or make
     */
    public static List<String> options(Path target) {
        Path cache = target.resolve(FILE);
        return isTraining() ? List.of("-XX:AOTCacheOutput=" + cache) : using(cache);
    }

    /**
     * The JVM's options for another program of the same libraries, that makes no cache of its own.
     *
     * @param target the folder whose {@code lib} the program's libraries are in
     */
    public static List<String> optionsOfAnother(Path target) {
        return using(target.resolve(FILE));
    }

    private static List<String> using(Path cache) {
        // Why a cache is refused is of no use to whoever only wants to run the program.
        return Files.exists(cache) ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off") : List.of();
    }
}
