/** Tests of the policy library. */
@NullMarked
package dev.gbpf.host.library;

import org.jspecify.annotations.NullMarked;
