/**
 * Abstract domains for machine words, of any width from 2 to 64 bits. They know nothing of an instruction set.
 *
 * <p>A domain element stands for a set of concrete values, its <em>concretisation</em>. Every operator here is sound: the
 * concretisation of its result holds every result of the concrete operator on members of the arguments'. An empty set is
 * {@code null}, never an element, so the compiler of this code makes callers say what an impossible case means.
 */
@NullMarked
package dev.gbpf.verifier.domain;

import org.jspecify.annotations.NullMarked;
