package dev.gbpf.host.plane;

import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.swap.SwapStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images that have left and can decide again at once, with the maps that they had: the newest are kept. */
final class ReadyImages {
    /** How many are kept. */
    static final int CAPACITY = 8;

    private final Deque<Ready> images = new ArrayDeque<>();

    private record Ready(PolicyImage image, long leftNs) {}

    /** An image has left; the oldest one gives way when there are too many. */
    void add(PolicyImage image, long nowNs) {
        images.addFirst(new Ready(image, nowNs));
        if (images.size() > CAPACITY) {
            images.removeLast().image().left();
        }
    }

    /** The image that left last, or null. */
    @Nullable
    PolicyImage newest() {
        Ready newest = images.peekFirst();
        return newest == null ? null : newest.image();
    }

    /** The image that left last decides again. */
    void removeNewest() {
        images.removeFirst();
    }

    List<SwapStatus.ReadyImage> list() {
        return images.stream()
                .map(r -> new SwapStatus.ReadyImage(r.image().name(), r.image().tag(), r.leftNs()))
                .toList();
    }

    /** None comes back any more. */
    void close() {
        images.forEach(r -> r.image().left());
        images.clear();
    }
}
