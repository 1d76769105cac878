/**
 * From the bound tree to instructions. {@link dev.gbpf.lang.codegen.CodeGenerationPhase} lowers each hook to instructions
 * over unlimited registers, cleans them up, allocates the ten registers of the machine by graph colouring, and encodes.
 */
@NullMarked
package dev.gbpf.lang.codegen;

import org.jspecify.annotations.NullMarked;
