/** Range checks of configuration values. */
@NullMarked
package dev.gbpf.host.check;

import org.jspecify.annotations.NullMarked;
