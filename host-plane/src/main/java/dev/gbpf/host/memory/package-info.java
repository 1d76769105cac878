/** Native memory by plain address, as running programs see it. */
@NullMarked
package dev.gbpf.host.memory;

import org.jspecify.annotations.NullMarked;
