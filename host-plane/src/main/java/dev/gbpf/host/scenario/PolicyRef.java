package dev.gbpf.host.scenario;

import dev.gbpf.asm.PolicyAssembler;
import java.util.stream.Stream;

/**
 * A policy, as a scenario names it.
 *
 * @param text a name of the policy library such as {@code weighted_fair}, {@code bypass} for no policy, or the path of a
 *     source ({@code .gbpf}, or {@code .gasm} in assembly) or compiled object ({@code .gbo}, or {@code .o} from clang), relative to the scenario's folder
 */
public record PolicyRef(String text) {
    /** Whether it is a path; a name has neither a slash nor a suffix. */
    public boolean isPath() {
        return isPath(text);
    }

    /** Whether a path has one of the suffixes that policies have. */
    public static boolean isFileName(String text) {
        return Stream.of(".gbpf", PolicyAssembler.SUFFIX, ".gbo", ".o").anyMatch(text::endsWith);
    }

    static boolean isPath(String text) {
        return text.indexOf('/') >= 0 || text.indexOf('.') >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
