@NullMarked
package dev.gbpf.cuda.job;

import org.jspecify.annotations.NullMarked;
