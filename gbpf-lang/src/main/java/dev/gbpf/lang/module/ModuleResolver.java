package dev.gbpf.lang.module;

import dev.gbpf.diagnostic.SourceFile;

/**
 * Finds the files that {@code import "path";} names. The compiler itself reads none, so whoever calls it decides what a policy
 * may see.
 */
@FunctionalInterface
public interface ModuleResolver {
    /** Knows no files: only modules of the standard library can be imported. */
    ModuleResolver NONE = (path, importer) -> new Resolution.Absent("files cannot be imported here");

    /**
     * The file of a path.
     *
     * @param path relative to the folder of the importing file; words of letters, digits, {@code _}, {@code -} and {@code .}
     *     between slashes, none of them {@code .} or {@code ..}
     * @param importer the key of the importing file, or the name of the source that is compiled
     */
    Resolution resolve(String path, String importer);

    /** What became of a path. */
    sealed interface Resolution {
        /**
         * A file.
         *
         * @param key the same for the same file, whatever path led to it
         * @param source its text, under the name that messages call it
         */
        record Found(String key, SourceFile source) implements Resolution {}

        /**
         * No file.
         *
         * @param reason why, in words that follow "cannot import ...: "
         */
        record Absent(String reason) implements Resolution {}
    }
}
