/** How a policy gives way to another: modes, guards, and what became of each change. The plane carries it out. */
@NullMarked
package dev.gbpf.host.swap;

import org.jspecify.annotations.NullMarked;
