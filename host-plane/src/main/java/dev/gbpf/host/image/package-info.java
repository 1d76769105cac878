/** Images: verified, compiled, immutable policies, ready to run. */
@NullMarked
package dev.gbpf.host.image;

import org.jspecify.annotations.NullMarked;
