@NullMarked
package dev.gbpf.architecture;

import org.jspecify.annotations.NullMarked;
