/** What must hold before each instruction, which rule of the catalogue it breaks when it does not, and how it reads. */
@NullMarked
package dev.gbpf.verifier.assertion;

import org.jspecify.annotations.NullMarked;
