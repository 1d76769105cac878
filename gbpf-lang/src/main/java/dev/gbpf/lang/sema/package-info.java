/**
 * What a policy means: names resolved, types checked, constants folded. {@link
 * dev.gbpf.lang.sema.SemanticAnalysisPhase} makes a {@link dev.gbpf.lang.sema.BoundPolicy} of a syntax tree; the bound tree
 * refers to variables, maps and helpers directly and needs no further checks.
 */
@NullMarked
package dev.gbpf.lang.sema;

import org.jspecify.annotations.NullMarked;
