/** The lanes of a warp: which values may differ between those that run a program together, and where they may part. */
@NullMarked
package dev.gbpf.verifier.lanes;

import org.jspecify.annotations.NullMarked;
