@NullMarked
package dev.gbpf.host.bytecode;

import org.jspecify.annotations.NullMarked;
