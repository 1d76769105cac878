/** How far the certificates of the library's policies are from what their hooks are ever seen to cost. */
@NullMarked
package dev.gbpf.policies.cost;

import org.jspecify.annotations.NullMarked;
