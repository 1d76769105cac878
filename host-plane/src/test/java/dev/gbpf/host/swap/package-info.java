@NullMarked
package dev.gbpf.host.swap;

import org.jspecify.annotations.NullMarked;
