/**
 * Why the verifier says what it says: a way through the program on which a rule is not proved, where the value at fault comes
 * from, and what would help. It looks at the states of the analysis and decides nothing.
 */
@NullMarked
package dev.gbpf.verifier.explain;

import org.jspecify.annotations.NullMarked;
