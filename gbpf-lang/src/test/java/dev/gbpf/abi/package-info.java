@NullMarked
package dev.gbpf.abi;

import org.jspecify.annotations.NullMarked;
