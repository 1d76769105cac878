/**
 * Forward abstract interpretation of a program: states, abstract semantics, fixpoint, check of assertions, loop bounds and
 * cost.
 */
@NullMarked
package dev.gbpf.verifier.analysis;

import org.jspecify.annotations.NullMarked;
