/** Tests of the verifier as a whole: its rules, its soundness, and what its answers look like. */
@NullMarked
package dev.gbpf.verifier;

import org.jspecify.annotations.NullMarked;
