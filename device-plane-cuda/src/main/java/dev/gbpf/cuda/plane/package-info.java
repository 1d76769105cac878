/**
 * The device runtime as the host has it: a {@link dev.gbpf.cuda.plane.DeviceRuntime} starts, feeds, drains and stops the resident
 * kernel of a {@link dev.gbpf.cuda.plane.Backend}, which is a GPU or the CPU.
 */
@NullMarked
package dev.gbpf.cuda.plane;

import org.jspecify.annotations.NullMarked;
