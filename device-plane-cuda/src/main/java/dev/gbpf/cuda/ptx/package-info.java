/** Verified programs as PTX, which the driver makes machine code: what a device runs of policies that stay. */
@NullMarked
package dev.gbpf.cuda.ptx;

import org.jspecify.annotations.NullMarked;
