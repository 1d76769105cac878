@NullMarked
package dev.gbpf.verifier.cfg;

import org.jspecify.annotations.NullMarked;
