/** Who may do what to a plane, and whose policies it takes. */
@NullMarked
package dev.gbpf.host.authority;

import org.jspecify.annotations.NullMarked;
