/** Maps in native memory, and which policy they belong to. */
@NullMarked
package dev.gbpf.host.map;

import org.jspecify.annotations.NullMarked;
