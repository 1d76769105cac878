/** What tests of several modules use. */
@NullMarked
package dev.gbpf.testkit;

import org.jspecify.annotations.NullMarked;
