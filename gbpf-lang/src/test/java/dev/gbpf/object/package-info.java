@NullMarked
package dev.gbpf.object;

import org.jspecify.annotations.NullMarked;
