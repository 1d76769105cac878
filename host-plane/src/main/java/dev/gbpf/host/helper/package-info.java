/** The helpers that programs call, and what the plane must offer for them. */
@NullMarked
package dev.gbpf.host.helper;

import org.jspecify.annotations.NullMarked;
