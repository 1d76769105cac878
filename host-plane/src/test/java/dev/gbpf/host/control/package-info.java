@NullMarked
package dev.gbpf.host.control;

import org.jspecify.annotations.NullMarked;
