package dev.gbpf.host.daemon;

import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.RequestHandler;

/**
 * One thing that clients can ask for.
 *
 * @param role what a client needs for it
 * @param meaning one sentence for the reference
 * @param handler carries it out
 */
record Method(Role role, String meaning, RequestHandler handler) {}
