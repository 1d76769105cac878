/** The policy library: the policies that come with gBPF, by name. */
@NullMarked
package dev.gbpf.host.library;

import org.jspecify.annotations.NullMarked;
