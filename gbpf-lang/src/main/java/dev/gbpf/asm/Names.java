package dev.gbpf.asm;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What words stand for numbers at a place of the source. */
interface Names {
    /** No word does. */
    Names NONE = new Names() {
        @Override
        public @Nullable Long number(String word) {
            return null;
        }

        @Override
        public @Nullable Integer map(String word) {
            return null;
        }

        @Override
        public Collection<String> numbers() {
            return List.of();
        }

        @Override
        public Collection<String> maps() {
            return List.of();
        }
    };

    /** The number that a word stands for, or null. */
    @Nullable
    Long number(String word);

    /** The index of the map that a word names, or null. */
    @Nullable
    Integer map(String word);

    /** The words that stand for numbers, for advice. */
    Collection<String> numbers();

    /** The names of maps, for advice. */
    Collection<String> maps();
}
