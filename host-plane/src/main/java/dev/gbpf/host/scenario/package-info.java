/**
 * Scenarios: a file that says which tenants share which device with which work, under which policies. The document
 * {@code docs/scenario.md} describes every field.
 */
@NullMarked
package dev.gbpf.host.scenario;

import org.jspecify.annotations.NullMarked;
