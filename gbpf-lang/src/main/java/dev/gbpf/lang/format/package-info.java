/**
 * The one layout of policies. {@link dev.gbpf.lang.format.PolicyFormatter} is the entry: a syntax tree and the comments
 * around its tokens become a {@link dev.gbpf.lang.format.Layout}, which {@link dev.gbpf.lang.format.LayoutPrinter} fits into
 * lines.
 */
@NullMarked
package dev.gbpf.lang.format;

import org.jspecify.annotations.NullMarked;
