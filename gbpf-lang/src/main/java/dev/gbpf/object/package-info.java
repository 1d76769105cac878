/** A compiled policy in memory: programs per hook, maps, line information and the version of the interface they expect. */
@NullMarked
package dev.gbpf.object;

import org.jspecify.annotations.NullMarked;
