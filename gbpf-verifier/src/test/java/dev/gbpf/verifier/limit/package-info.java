@NullMarked
package dev.gbpf.verifier.limit;

import org.jspecify.annotations.NullMarked;
