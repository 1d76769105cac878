package dev.gbpf.host.plane;

import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.swap.SwapStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Images that have left and can decide again at once, with the maps that they had: the newest are kept. */
final class ReadyImages {
    /** How many are kept. */
    static final int CAPACITY = 8;

    private final Deque<Ready> images = new ArrayDeque<>();

    private final Executor reclaimer;

    /**
     * None yet.
     *
     * @param reclaimer frees those that will not come back
     */
    ReadyImages(Executor reclaimer) {
        this.reclaimer = reclaimer;
    }

    private record Ready(PolicyImage image, long leftNs) {}

    /** An image has left; the oldest one gives way when there are too many. */
    void add(PolicyImage image, long nowNs) {
        images.addFirst(new Ready(image, nowNs));
        if (images.size() > CAPACITY) {
            reclaimer.execute(images.removeLast().image()::left);
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

    /** The same for people. */
    List<SwapStatus.ReadyImage> list() {
        List<SwapStatus.ReadyImage> list = new ArrayList<>(images.size());
        for (Ready ready : images) {
            list.add(new SwapStatus.ReadyImage(
                    ready.image().name(), ready.image().tag(), ready.leftNs()));
        }
        return list;
    }

    /** None comes back any more. */
    void close() {
        images.forEach(r -> r.image().left());
        images.clear();
    }
}
