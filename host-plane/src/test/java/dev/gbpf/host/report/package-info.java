@NullMarked
package dev.gbpf.host.report;

import org.jspecify.annotations.NullMarked;
