package dev.gbpf.object;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A compiled policy: one unit that is verified, loaded and swapped as a whole.
 *
 * @param name the policy's name, a word of letters, digits and underscores, at most 64; maps belong to this name
 * @param abi the interface version it was compiled for
 * @param maps referred to by index
 * @param programs at most one per hook
 * @param source the text it was compiled from, for messages, or null
 */
public record PolicyObject(
        String name,
        AbiVersion abi,
        List<MapDefinition> maps,
        List<ProgramObject> programs,
        @Nullable SourceFile source) {
    public PolicyObject {
        maps = List.copyOf(maps);
        programs = List.copyOf(programs);
    }

    /** The same policy with another source. */
    public PolicyObject withSource(@Nullable SourceFile newSource) {
        return new PolicyObject(name, abi, maps, programs, newSource);
    }

    /** The program of a hook. */
    public Optional<ProgramObject> program(Hook hook) {
        return programs.stream().filter(p -> p.hook() == hook).findFirst();
    }
}
