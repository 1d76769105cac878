@NullMarked
package dev.gbpf.cuda.driver;

import org.jspecify.annotations.NullMarked;
