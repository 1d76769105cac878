@NullMarked
package dev.gbpf.isa.encoding;

import org.jspecify.annotations.NullMarked;
