/** Engines that run verified programs: the interpreter, which is the reference. */
@NullMarked
package dev.gbpf.host.vm;

import org.jspecify.annotations.NullMarked;
