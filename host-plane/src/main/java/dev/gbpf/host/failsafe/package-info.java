/**
 * Takes a policy out that does harm, and says what was found: limits, who judges by them, quarantine, and exit dumps. The plane
 * carries the ejection out.
 */
@NullMarked
package dev.gbpf.host.failsafe;

import org.jspecify.annotations.NullMarked;
