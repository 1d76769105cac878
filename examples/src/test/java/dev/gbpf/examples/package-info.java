/** Tests that run the documentation and the examples as a user would. */
@NullMarked
package dev.gbpf.examples;

import org.jspecify.annotations.NullMarked;
