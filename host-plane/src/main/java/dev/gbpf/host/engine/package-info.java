/** Which engine runs the programs of a policy, and the compiled code that loads share. */
@NullMarked
package dev.gbpf.host.engine;

import org.jspecify.annotations.NullMarked;
