package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.time.Instant;

/**
 * A policy object that the store holds, without its bytes.
 *
 * @param hash of what it does; its key
 * @param name of the policy
 * @param bytes size of the object file
 * @param stored when it was stored first
 */
public record StoredPolicy(ObjectHash hash, String name, int bytes, Instant stored) {}
