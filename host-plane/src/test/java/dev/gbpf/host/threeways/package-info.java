/** One policy in three languages does the same in all of them. */
@NullMarked
package dev.gbpf.host.threeways;

import org.jspecify.annotations.NullMarked;
