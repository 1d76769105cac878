package dev.gbpf.lang.codegen;

import dev.gbpf.lang.sema.BoundFunction;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a program with registers and a frame of its own.
 *
 * @param function the function whose code it is, or null for the hook itself, which comes first
 * @param code its instructions
 */
record ProgramPart(@Nullable BoundFunction function, LowCode code) {
    ProgramPart with(LowCode other) {
        return new ProgramPart(function, other);
    }
}
