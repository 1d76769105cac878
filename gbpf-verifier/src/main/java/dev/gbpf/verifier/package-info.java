/**
 * The verifier: proves of a policy object, before it is loaded, that its programs are safe, end, and cost no more than their
 * hooks allow, or says why it cannot. Entry: {@link dev.gbpf.verifier.Verifier}.
 */
@NullMarked
package dev.gbpf.verifier;

import org.jspecify.annotations.NullMarked;
