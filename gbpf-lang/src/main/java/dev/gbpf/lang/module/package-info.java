/** Finds the modules that a policy imports: their texts, in the order in which they need each other. */
@NullMarked
package dev.gbpf.lang.module;

import org.jspecify.annotations.NullMarked;
