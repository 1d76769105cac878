/** What is said of rejections. */
@NullMarked
package dev.gbpf.verifier.explain;

import org.jspecify.annotations.NullMarked;
