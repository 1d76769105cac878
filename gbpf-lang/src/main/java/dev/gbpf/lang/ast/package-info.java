/** The syntax tree of a policy: what was written, with its places, before names and types mean anything. */
@NullMarked
package dev.gbpf.lang.ast;

import org.jspecify.annotations.NullMarked;
