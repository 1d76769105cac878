package dev.gbpf.host.control;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves clients of a socket, each on a virtual thread of its own. A client that begins a request and does not end it, or that
 * does not take what it is sent, is cut off after a while; it holds up nobody else meanwhile.
 */
public final class ControlServer implements AutoCloseable {
    private static final long LOOK_EVERY_NS = 500_000_000L;

    private static final Duration JOIN = Duration.ofMillis(100);

    private final ServerSocketChannel socket;
    private final RequestHandler handler;
    private final EventLog log;
    private final long patienceNs;
    private final Semaphore large = new Semaphore(Protocol.LARGE_REQUESTS);
    private final Map<LineChannel, Thread> connections = new ConcurrentHashMap<>();
    private final AtomicLong accepted = new AtomicLong();
    private volatile boolean closed;

    /**
     * Begins to serve.
     *
     * @param socket bound; closed with the server
     * @param handler carries out requests, for several clients at once
     * @param patienceNs how long a client may take for one request, or for taking one reply, ns
     */
    public ControlServer(ServerSocketChannel socket, RequestHandler handler, EventLog log, long patienceNs) {
        this.socket = socket;
        this.handler = handler;
        this.log = log;
        this.patienceNs = patienceNs;
        Thread.ofVirtual().name("gbpf-accept").start(this::accept);
        Thread.ofVirtual().name("gbpf-patience").start(this::watch);
    }

    private void accept() {
        while (!closed) {
            try {
                serve(socket.accept());
            } catch (AsynchronousCloseException e) {
                return;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.write("cannot accept a client: " + e.getMessage());
                LockSupport.parkNanos(LOOK_EVERY_NS);
            }
        }
    }

    private void serve(SocketChannel client) throws IOException {
        LineChannel channel = new LineChannel(client, Protocol.MAX_REQUEST, large);
        Peer peer;
        try {
            peer = Peer.of(client, accepted.incrementAndGet());
            if (connections.size() >= Protocol.MAX_CONNECTIONS) {
                log.write(peer + ": refused, there are " + Protocol.MAX_CONNECTIONS + " clients");
                client.close();
                return;
            }
        } catch (IOException e) {
            client.close();
            throw e;
        }
        Thread thread = Thread.ofVirtual()
                .name("gbpf-client-" + peer.connection())
                .unstarted(() -> {
                    try {
                        new Connection(channel, peer, handler, log).run();
                    } finally {
                        connections.remove(channel);
                        end(channel);
                        channel.finish();
                    }
                });
        connections.put(channel, thread);
        thread.start();
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(Math.min(LOOK_EVERY_NS, patienceNs / 2 + 1));
            long limit = System.nanoTime() - patienceNs;
            for (LineChannel channel : connections.keySet()) {
                if (channel.isStuckSince(limit)) {
                    end(channel);
                }
            }
        }
    }

    private void end(LineChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.write("cannot close a connection: " + e.getMessage());
        }
    }

    /** How many clients there are. */
    public int clients() {
        return connections.size();
    }

    /** Ends all connections; returns when none is served any more. */
    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
        boolean interrupted = false;
        while (!connections.isEmpty()) {
            connections.forEach((channel, thread) -> end(channel));
            for (Thread thread : connections.values()) {
                try {
                    thread.join(JOIN);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
